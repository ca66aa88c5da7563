import type { Collection, ProfileId } from './profile.ts';

const prefixOf = (collection: Collection): string => (collection === 'users' ? 'per_' : 'acc_');
const timeDigits = 12;
const tailDigits = 20;
const pattern = new RegExp(`^(${prefixOf('users')}|${prefixOf('accounts')})[0-9a-f]{${timeDigits + tailDigits}}$`);

/**
 * `per_` or `acc_`, 48 bits of creation time, then 80 bits that tell it from others, in hex: it sorts by creation time.
 */
export const profileIdOf = (collection: Collection, createdAt: string, tail: string): ProfileId =>
  `${prefixOf(collection)}${timeIn(createdAt)}${tail.slice(0, tailDigits)}`;

/** Whether a text has the form of a profile's id. */
export const isProfileId = (text: string): boolean => pattern.test(text);

/** Whose profile has this id. */
export const collectionOfId = (profileId: ProfileId): Collection =>
  profileId.startsWith(prefixOf('accounts')) ? 'accounts' : 'users';

/** What of an id says when its profile was made; it sorts as times do. */
export const creationOf = (profileId: ProfileId): string =>
  profileId.slice(prefixOf('users').length, prefixOf('users').length + timeDigits);

/** Whether a profile of this id was made in the millisecond of this time. */
export const isMadeAt = (profileId: ProfileId, isoTime: string): boolean => creationOf(profileId) === timeIn(isoTime);

/** Whether a profile of this id was made before this time. */
export const isMadeBefore = (profileId: ProfileId, isoTime: string): boolean => creationOf(profileId) < timeIn(isoTime);

const timeIn = (isoTime: string): string => Date.parse(isoTime).toString(16).padStart(timeDigits, '0');
