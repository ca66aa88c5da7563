import type { Symbol as NamedField, Node, Type } from 'ts-morph';
import { docstringOf } from './docstring.ts';
import { code, table } from './markdown.ts';
import { defaultText, type Setting, typeText } from './setting-type.ts';

/** A field of the configuration: zod's schema and TypeScript's type. */
interface Declared {
  readonly path: string;
  readonly setting: Setting;
  readonly type: Type;
}

/** Writes a section for each object of the configuration: its fields with their purpose, type and default. */
export function settingsText(field: Declared, at: Node): string[] {
  const object = objectIn(field);
  if (object === undefined) return [];
  const fields = Object.entries(object.setting.properties ?? {}).flatMap(([name, setting]) => {
    const symbol = object.type.getProperty(name);
    return symbol === undefined ? [] : [{ name, setting, symbol, type: symbol.getTypeAtLocation(at) }];
  });
  const rows = fields.map(({ name, setting, symbol }) => [
    code(name),
    promiseOf(symbol),
    typeText(setting),
    defaultText(name, setting, object.setting),
  ]);
  return [
    ...(object.path === '' || rows.length === 0 ? [] : [`### ${code(object.path)}`, '']),
    ...table(['field', 'what it does', 'type', 'default'], rows),
    ...choicesOf(object),
    ...fields.flatMap(({ name, setting, type }) =>
      settingsText({ path: object.path === '' ? name : `${object.path}.${name}`, setting, type }, at),
    ),
  ];
}

/** The object in a field, a list or a record. What has a type in words is described on a page of its own. */
function objectIn({ path, setting, type }: Declared): Declared | undefined {
  if (setting.title !== undefined) return undefined;
  const inner = type.getNonNullableType();
  const element = inner.getArrayElementType();
  if (setting.items !== undefined && element !== undefined)
    return objectIn({ path: `${path}[]`, setting: setting.items, type: element });
  const value = inner.getStringIndexType();
  if (typeof setting.additionalProperties === 'object' && value !== undefined)
    return objectIn({ path: `${path}.<name>`, setting: setting.additionalProperties, type: value });
  return setting.properties !== undefined || setting.oneOf !== undefined ? { path, setting, type: inner } : undefined;
}

/** One row for each kind of an object that has several. */
function choicesOf({ path, setting: { oneOf = [] }, type }: Declared): string[] {
  const rows = oneOf.map(({ properties = {}, required = [] }) => {
    const [[kind, first] = ['', {}], ...others] = Object.entries(properties);
    const symbol = type.getUnionTypes().flatMap((member) => {
      const property = member.getProperty(kind);
      return property !== undefined && samePlace(member, Object.keys(properties)) && accepts(property, first)
        ? [property]
        : [];
    })[0];
    const fields = others.map(
      ([name, field]) => `${code(name)}${required.includes(name) ? '' : ' (optional)'}: ${typeText(field)}`,
    );
    return [`${code(kind)}: ${typeText(first)}`, symbol === undefined ? '' : promiseOf(symbol), fields.join('; ')];
  });
  return rows.length === 0 ? [] : [`### ${code(path)}`, '', ...table(['kind', 'what it does', 'other fields'], rows)];
}

const samePlace = (member: Type, names: readonly string[]): boolean =>
  member.getProperties().length === names.length && names.every((name) => member.getProperty(name) !== undefined);

const accepts = (property: NamedField, { const: only, enum: several }: Setting): boolean => {
  const declared = property.getDeclarations()[0]?.getText() ?? '';
  return [only, ...(several ?? [])].some((value) => value !== undefined && declared.includes(`'${String(value)}'`));
};

const promiseOf = (symbol: NamedField): string => docstringOf(symbol.getDeclarations()[0]).promise;
