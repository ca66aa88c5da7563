import { normalizeEmail } from '../identifiers/email.ts';
import { textOf, typeOf } from '../identifiers/identifier.ts';
import { isSentNumber, numberText } from '../values/json.ts';
import { ascending } from '../values/order.ts';
import { isBlank } from '../values/text.ts';
import type { Profile } from './profile.ts';

/** A person's e-mail address at destinations: as it was stated, else as it identifies; none if it was removed. */
export function emailOf(profile: Profile): string | undefined {
  const stated = profile.traits.get('email');
  const chosen = stated === undefined ? addressesIn(profile)[0] : stated.value;
  if (chosen === null || chosen === undefined || isBlank(chosen)) return undefined;
  // The catalogue's code copies its input, and would break such a number into parts.
  const email = isSentNumber(chosen) ? numberText(chosen) : chosen;
  return typeof email === 'string' ? email : String(email);
}

/** All addresses that identify a person, that of now first; none if it was removed. */
export function emailsOf(profile: Profile): string[] {
  const email = emailOf(profile);
  if (email === undefined) return [];
  const stated = normalizeEmail(email) ?? email;
  return [email, ...addressesIn(profile).filter((each) => each !== stated)];
}

/** Addresses that identify a person, in the order of their links. */
const addressesIn = ({ identifiers }: Profile): string[] =>
  [...identifiers]
    .filter(([id]) => typeOf(id) === 'email')
    .sort(([one, a], [other, b]) => ascending(a.linked, b.linked) || ascending(one, other))
    .map(([id]) => textOf(id));
