import type { Symbol as NamedField, Node, Type } from 'ts-morph';
import { ownValue } from '../../lambdas/core/values/own-value.ts';
import { docstringOf } from './docstring.ts';
import { code, table } from './markdown.ts';
import { defaultText, type Setting, typeText } from './setting-type.ts';

/** A field of the configuration: zod's schema and TypeScript's type. */
interface Declared {
  readonly path: string;
  readonly setting: Setting;
  readonly type: Type;
}

/** A field of an object, with its docstring's place. */
interface Field {
  readonly name: string;
  readonly setting: Setting;
  readonly symbol: NamedField;
  readonly type: Type;
}

/** Writes a section for each object of the configuration: its fields with their purpose, type and default. */
export function settingsText(field: Declared, at: Node): string[] {
  const object = objectIn(field);
  if (object === undefined) return [];
  const fields = fieldsOf(object, at);
  return [
    ...(object.path === '' || fields.length === 0 ? [] : [`### ${code(object.path)}`, '']),
    ...fieldTable(fields, object.setting),
    ...choicesOf(object, at),
    ...partsOf(fields, object.path, at),
  ];
}

const fieldsOf = ({ setting, type }: Declared, at: Node): Field[] =>
  Object.entries(setting.properties ?? {}).flatMap(([name, field]) => {
    const symbol = type.getProperty(name);
    return symbol === undefined ? [] : [{ name, setting: field, symbol, type: symbol.getTypeAtLocation(at) }];
  });

const fieldTable = (fields: readonly Field[], object: Setting): string[] =>
  table(
    ['field', 'what it does', 'type', 'default'],
    fields.map(({ name, setting, symbol }) => [
      code(name),
      promiseOf(symbol),
      typeText(setting),
      defaultText(name, setting, object),
    ]),
  );

const partsOf = (fields: readonly Field[], path: string, at: Node): string[] =>
  fields.flatMap(({ name, setting, type }) =>
    settingsText({ path: path === '' ? name : `${path}.${name}`, setting, type }, at),
  );

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

/** One row for each kind of an object that has several, after the documented fields that all kinds have. */
function choicesOf({ path, setting: { oneOf = [] }, type }: Declared, at: Node): string[] {
  const kinds = oneOf.flatMap((setting) => {
    const names = Object.keys(setting.properties ?? {});
    const member = type.getUnionTypes().find((each) => samePlace(each, names) && isOfKind(each, setting));
    const all = member === undefined ? [] : fieldsOf({ path, setting, type: member }, at);
    const kind = all.find(({ name }) => name === kindIn(names));
    return kind === undefined ? [] : [{ kind, fields: all.filter((field) => field !== kind), setting }];
  });
  const [first] = kinds;
  if (first === undefined) return [];
  const isShared = ({ name, symbol }: Field): boolean =>
    promiseOf(symbol) !== '' && kinds.every(({ fields }) => fields.some((each) => each.name === name));
  const shared = first.fields.filter(isShared);
  const own = kinds.map(({ fields }) => fields.filter((field) => !shared.some(({ name }) => name === field.name)));
  const rows = kinds.map(({ kind, setting }, n) => [
    `${code(kind.name)}: ${typeText(kind.setting)}`,
    promiseOf(kind.symbol),
    (own[n] ?? []).map((field) => fieldText(field, setting)).join('; '),
  ]);
  return [
    `### ${code(path)}`,
    '',
    ...fieldTable(shared, first.setting),
    ...table(['kind', 'what it does', shared.length === 0 ? 'other fields' : 'its own fields'], rows),
    ...partsOf([...shared, ...own.flat()], path, at),
  ];
}
const fieldText = ({ name, setting }: Field, { required = [] }: Setting): string =>
  `${code(name)}${required.includes(name) ? '' : ' (optional)'}: ${typeText(setting)}`;

/** The field that tells an object's kind: `kind`, or else its first. */
const kindIn = (names: readonly string[]): string => (names.includes('kind') ? 'kind' : (names[0] ?? ''));

const isOfKind = (member: Type, { properties = {} }: Setting): boolean => {
  const name = kindIn(Object.keys(properties));
  const property = member.getProperty(name);
  return property !== undefined && accepts(property, ownValue(properties, name) ?? {});
};

const samePlace = (member: Type, names: readonly string[]): boolean =>
  member.getProperties().length === names.length && names.every((name) => member.getProperty(name) !== undefined);

const accepts = (property: NamedField, { const: only, enum: several }: Setting): boolean => {
  const declared = property.getDeclarations()[0]?.getText() ?? '';
  return [only, ...(several ?? [])].some((value) => value !== undefined && declared.includes(`'${String(value)}'`));
};

const promiseOf = (symbol: NamedField): string => docstringOf(symbol.getDeclarations()[0]).promise;
