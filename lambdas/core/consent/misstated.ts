import { got } from '../values/got.ts';
import { fieldsOf, isObject } from '../values/json.ts';

/** A field of consent that nobody reads, and why. */
interface Misstated {
  readonly field: string;
  readonly reason: string;
}

/** PHP clients send an empty object as []. */
export const objectIn = (value: unknown): unknown => (Array.isArray(value) && value.length === 0 ? {} : value);

/** What is wrong with the consent object of an event: it is accepted, and what is wrong grants nothing. */
export function misstatedIn(context: unknown): Misstated | undefined {
  const consent = objectIn(fieldsOf(context).consent);
  if (consent === undefined || consent === null) return undefined;
  if (!isObject(consent)) return { field: 'context.consent', reason: `must be an object; ${got(consent)}` };
  const { categoryPreference } = consent;
  const categoryPreferences = objectIn(consent.categoryPreferences);
  const field = 'context.consent.categoryPreferences';
  if (categoryPreferences === undefined)
    return categoryPreference === undefined
      ? undefined
      : { field: 'context.consent.categoryPreference', reason: 'is not read: the field is categoryPreferences' };
  if (!isObject(categoryPreferences)) return { field, reason: `must be an object; ${got(categoryPreferences)}` };
  const wrong = Object.values(categoryPreferences).find((each) => typeof each !== 'boolean');
  return wrong === undefined ? undefined : { field, reason: `must hold true or false; ${got(wrong)}` };
}
