import { utf8Bytes } from '../events/stream-record.ts';
import type { Seen } from '../profile/profile.ts';
import { comparePlaces, type Place } from '../profile/trait-bound.ts';
import { surelyFit } from '../values/sure-fit.ts';

type Accounts = ReadonlyMap<string, Seen>;

interface BoundAccounts {
  readonly accounts: Accounts;
  /** The most recently seen account that had no room; it and all accounts seen earlier are dropped. */
  readonly horizon: Place | undefined;
}

/** Bytes of accounts that a person keeps, the most recent first: a few hundred accounts of usual length. */
const accountRoom = 12 * 1024;
/** Bytes of an account in addition to its id. */
const besides = 32;

/**
 * Keeps the most recently seen accounts within the room. Once accounts are dropped, only the last sight of the others
 * is reported, because the first sight of a returning account is unknown. So cutting before or after a join gives the
 * same result.
 */
export function boundAccounts(accounts: Accounts, known?: Place, room = accountRoom): BoundAccounts {
  if (known === undefined && surelyFit(accounts.keys(), besides, room)) return { accounts, horizon: undefined };
  const newestFirst = [...accounts].map(([id, seen]) => placeOf(id, seen)).sort((a, b) => comparePlaces(b, a));
  let sum = 0;
  const past = newestFirst.find((place) => {
    sum += besides + utf8Bytes(place.name);
    return sum > room || (known !== undefined && comparePlaces(place, known) <= 0);
  });
  const horizon = past === undefined || (known !== undefined && comparePlaces(past, known) <= 0) ? known : past;
  if (horizon === undefined) return { accounts, horizon };
  const kept = [...accounts].filter(([id, seen]) => comparePlaces(placeOf(id, seen), horizon) > 0);
  return { accounts: new Map(kept.map(([id, { last }]) => [id, { first: last, last, linked: last }])), horizon };
}

const placeOf = (name: string, { last }: Seen): Place => ({ timestamp: last, messageId: '', name });
