import { ownValue } from '../../../../core/values/own-value.ts';
import { choicesOf, defaultOf, isSecret, type SettingField } from '../definitions/definition.ts';
import { type Flaw, noneOfThese, wrong } from './flaw.ts';

type Fields = Readonly<Record<string, SettingField>>;
type Given = Readonly<Record<string, unknown>>;

/** The part of a setting or of an action's field that says what it holds. */
interface Kind {
  readonly type: string;
  readonly choices?: readonly (string | number | { readonly value: string | number })[] | undefined;
}

/** What a setting or a field holds, in words. */
export function kindOf({ type, choices }: Kind): string {
  const values = choicesOf({ choices });
  if (values.length > 0) return `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`;
  return words.get(type) ?? 'a text';
}

const words: ReadonlyMap<string, string> = new Map([
  ['number', 'a number'],
  ['integer', 'a number'],
  ['boolean', 'a boolean'],
  ['object', 'an object'],
  ['datetime', 'a time'],
]);

/** The flaws of settings that stand in the configuration, where no secret may stand. */
export const publicFlaws = (tool: string, given: Given, fields: Fields, at: Flaw['path']): readonly Flaw[] => [
  ...unknownFlaws(tool, given, fields, at),
  ...Object.entries(fields).flatMap(([name, field]) =>
    isSecret(name, field) ? secretFlaws(given, name, at) : valueFlaws(ownValue(given, name), field, [...at, name]),
  ),
];

/** The flaws of settings that stand in the secret of a destination, with those of the configuration. */
export const secretSettingFlaws = (tool: string, given: Given, fields: Fields, at: Flaw['path']): readonly Flaw[] => {
  const secret = Object.fromEntries(Object.entries(fields).filter(([name, field]) => isSecret(name, field)));
  return [
    ...unknownFlaws(tool, given, secret, at),
    ...Object.entries(secret).flatMap(([name, field]) => valueFlaws(ownValue(given, name), field, [...at, name])),
  ];
};

const unknownFlaws = (tool: string, given: Given, fields: Fields, at: Flaw['path']): Flaw[] =>
  Object.keys(given)
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => noneOfThese([...at, name], `is no setting of ${tool} here`, Object.keys(fields)));

const secretFlaws = (given: Given, name: string, at: Flaw['path']): Flaw[] =>
  Object.hasOwn(given, name)
    ? [{ path: [...at, name], message: 'is a secret: remove it here and store it by `npm run destination`' }]
    : [];

function valueFlaws(value: unknown, field: SettingField, path: Flaw['path']): Flaw[] {
  if (value === undefined || value === '') {
    const needed = field.required === true && defaultOf(field) === undefined;
    return needed || value === '' ? [wrong(path, `${kindOf(field)} (${field.label})`, value)] : [];
  }
  return isOfKind(value, field) ? [] : [wrong(path, kindOf(field), value)];
}

function isOfKind(value: unknown, field: SettingField): boolean {
  const choices = choicesOf(field);
  if (choices.length > 0) return choices.includes(value as string);
  if (field.type === 'boolean' || field.type === 'number') return typeof value === field.type;
  return typeof value === 'string' && (field.format !== 'uri' || URL.canParse(value));
}
