import { textOf, typeOf } from '../identifiers/identifier.ts';
import type { Profile } from '../profile/profile.ts';
import { isSentNumber, nearest, numberText } from '../values/json.ts';
import { ascending } from '../values/order.ts';
import { isBlank } from '../values/text.ts';

/** Traits that a destination is told unless it is configured otherwise. */
export const usualPersonal = ['email'];

/** A person's e-mail address at destinations: as it was stated, else as it identifies; none if it was removed. */
export function emailOf(profile: Profile): string | undefined {
  const stated = profile.traits.get('email');
  const chosen = stated === undefined ? firstEmail(profile) : stated.value;
  if (chosen === null || chosen === undefined || isBlank(chosen)) return undefined;
  // The catalogue's code copies its input, and would break such a number into parts.
  const email = isSentNumber(chosen) ? numberText(chosen) : chosen;
  return typeof email === 'string' ? email : String(email);
}

const firstEmail = ({ identifiers }: Profile): string | undefined => {
  const [first] = [...identifiers]
    .filter(([id]) => typeOf(id) === 'email')
    .sort(([, a], [, b]) => ascending(a.linked, b.linked));
  return first && textOf(first[0]);
};

/** The traits of a person that a destination is configured for, as far as there are any. */
export const personalOf = (profile: Profile, wanted: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    wanted.flatMap((name) => {
      const value = name === 'email' ? emailOf(profile) : statedOf(profile, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** A text, a number or a flag; nothing else finds a person. */
function statedOf({ traits }: Profile, name: string): string | number | boolean | undefined {
  const value = traits.get(name)?.value;
  if (isSentNumber(value)) return nearest(value);
  if (typeof value === 'string') return isBlank(value) ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
