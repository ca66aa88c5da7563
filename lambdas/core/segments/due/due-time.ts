import type { Profile } from '../../profile/profile.ts';
import { dueShardOf } from './due-shard.ts';

/** Attributes of a live profile's item that put it into the due index; none if it does not change by itself. */
export const dueAttributes = ({
  profileId,
  dueAt,
}: Pick<Profile, 'profileId' | 'dueAt'>): { readonly dueShard: number; readonly dueAt: number } | undefined =>
  dueAt === undefined ? undefined : { dueShard: dueShardOf(profileId), dueAt: Math.ceil(dueAt / 1000) };

/** The due time of a profile by the attribute of its item. */
export const dueTimeOf = (attribute: number | undefined): Pick<Profile, 'dueAt'> =>
  attribute === undefined ? {} : { dueAt: attribute * 1000 };

/** The latest entry of the index that is due, in seconds since 1970, at a time in milliseconds. */
export const dueUntil = (now: number): number => Math.floor(now / 1000);

/** Whether a profile is due. */
export const isDue = ({ dueAt }: Pick<Profile, 'dueAt'>, now: number): boolean => dueAt !== undefined && dueAt <= now;

/** Seconds after which a profile is tried again that could not be woken. */
const longUntilNextTry = 3600;

/** When a profile is tried again that could not be woken, in seconds since 1970: not at once, so that others go on. */
export const nextTry = (now: number): number => dueUntil(now) + longUntilNextTry;

/** Age in seconds of the oldest due entry; 0 if none is due. */
export const lagOf = (oldest: readonly (number | undefined)[], now: number): number =>
  Math.max(0, ...oldest.flatMap((at) => (at === undefined ? [] : [dueUntil(now) - at])));
