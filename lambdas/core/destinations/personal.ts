import { emailOf } from '../profile/addresses.ts';
import type { Profile } from '../profile/profile.ts';
import { isSentNumber, nearest } from '../values/json.ts';
import { isBlank } from '../values/text.ts';

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
