import { fieldsOf } from '../values/json.ts';
import { isOwnCategory } from './purpose.ts';

/** Longest category in characters; a longer one is never granted. */
export const longestCategory = 100;

/**
 * What an event says, by category: what its consent tool says, that its browser asks not to be sold (`@gpc`), and what
 * the platform read in its strings of TCF and GPP (`@tcf:1`, `@gpp:sale`).
 */
export function saidIn(context: unknown): readonly (readonly [category: string, granted: boolean])[] {
  const { consent } = fieldsOf(context);
  if (consent === undefined) return [];
  const { categoryPreferences, gpc, signals } = fieldsOf(consent);
  const preferences = booleansIn(categoryPreferences).filter(
    ([category]) => category.length <= longestCategory && !isOwnCategory(category),
  );
  const read = booleansIn(signals).map(([name, granted]) => [`@${name}`, granted] as const);
  return [
    ...preferences,
    ...(typeof gpc === 'boolean' ? [['@gpc', !gpc] as const] : []),
    ...read.filter(([category]) => /^@(tcf|gpp):/.test(category)),
  ];
}

const booleansIn = (fields: unknown): [string, boolean][] =>
  Object.entries(fieldsOf(fields)).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean');
