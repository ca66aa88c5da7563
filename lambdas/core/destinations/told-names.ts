import { normalizeEmail } from '../identifiers/email.ts';
import type { KnownAs, Name } from '../profile/known-as.ts';
import type { Profile, ProfileId } from '../profile/profile.ts';
import { fingerprint } from '../values/fingerprint.ts';

/** A name as the text that is remembered: `userId:ann`. */
export const textOf = (name: Name): string => Object.entries(name)[0]?.join(':') ?? '';

/** A name and an address as texts. */
export const textsOf = ({ name, email }: KnownAs): string[] => [
  textOf(name),
  ...(email === undefined ? [] : [`email:${email}`]),
];

/** The name in such a text. */
export function nameIn(text: string): Name {
  const value = text.slice(text.indexOf(':') + 1);
  if (text.startsWith('userId:')) return { userId: value };
  return text.startsWith('groupId:') ? { groupId: value } : { anonymousId: value };
}

/** A tool that knows people by name must not take an old address for the person of now, so it comes with no name. */
export const formerly = (text: string): KnownAs =>
  isAddress(text)
    ? { name: { anonymousId: `former-${fingerprint(text)}` }, email: addressIn(text) }
    : { name: nameIn(text), email: undefined };

const isAddress = (text: string): boolean => text.startsWith('email:');
const addressIn = (text: string): string => text.slice('email:'.length);

/** Whether a name that was told is still the person's own; an unmerge may have given it to somebody else. */
export function isStillOf(profile: Profile, text: string): boolean {
  const { identifiers, merged, profileId, apart } = profile;
  if (isAddress(text)) return apart.size === 0 || identifiers.has(`email:${normalizeEmail(addressIn(text)) ?? ''}`);
  const kind = text.slice(0, text.indexOf(':'));
  const value = text.slice(kind.length + 1);
  if (value === profileId || merged.has(value)) return true;
  if (kind === 'userId') return identifiers.has(`user_id:${value}`);
  return kind === 'anonymousId' ? identifiers.has(`anonymous_id:${value}`) : apart.size === 0;
}

/** A profile was told of under the ids of those that merged into it, too, and of those that it was unmerged from. */
export const formerIds = ({ profileId, merged, apart }: Profile): ProfileId[] => [
  profileId,
  ...merged.keys(),
  ...apart,
];
