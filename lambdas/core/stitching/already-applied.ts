import type { Event } from '../events/event.ts';
import { accountOf, type Identifier, textOf } from '../identifiers/identifier.ts';
import type { IdentityRules } from '../identifiers/rules.ts';
import { touchOf } from '../profile/campaign-touch.ts';
import { categoryOf, statementsOf } from '../profile/consent.ts';
import type { Horizons } from '../profile/horizons.ts';
import { hourOf, isForgotten } from '../profile/message-marks.ts';
import type { Profile, Seen } from '../profile/profile.ts';
import { recentEvents } from '../profile/recent-events.ts';
import { traitsOfAccount, traitsOfPerson } from '../profile/trait.ts';
import { isName, type Place } from '../profile/trait-bound.ts';
import { place } from './placement.ts';
import type { Sighting } from './sighting.ts';

type OwnerOf = (id: Identifier) => Profile | undefined;

/**
 * Whether a replayed event, which no mark tells of, may have been taken in already. Whatever limits dropped then, an event always kept its
 * most trusted identifier, and all it said went to that one's profile: if anything of it is new there, it was never taken in. Where an
 * operator parted people, what was said may have gone with the other, so there it is enough that the identifier was seen around that time.
 */
export function mayHaveApplied(sighting: Sighting, ownerOf: OwnerOf, rules: IdentityRules): boolean {
  const { event, identifiers } = sighting;
  const [trusted] = identifiers;
  const owner = trusted && ownerOf(trusted);
  if (owner === undefined) return false;
  if (names(owner, event, resentWithin)) return true;
  const seen = owner.identifiers.get(trusted as Identifier);
  if (owner.apart.size > 0) return spans(seen, event);
  if (!isForgotten(owner.marks, hourOf(event.receivedAt) - resentHours)) return false;
  if (names(owner, event, Number.POSITIVE_INFINITY)) return true;
  if (
    !spans(seen, event) ||
    saysNews(owner, event) ||
    (owner.collection === 'users' && saysNewsOfPerson(owner, sighting, rules))
  )
    return false;
  return event.replayed === 'raw' || linksNothing(sighting, owner, ownerOf, rules);
}

/** Whether some message of this id was taken in, in these or other words, at so much another time at most: several of one person may have one id. */
const names = (
  { traits, consent, recent, touches }: Profile,
  { messageId, sourceId, timestamp }: Event,
  within: number,
): boolean =>
  [...recent, ...traits.values(), ...consent.values(), touches.first, touches.last].some(
    (said?: { readonly messageId: string; readonly timestamp: string; readonly sourceId?: string }) =>
      said?.messageId === messageId &&
      (said.sourceId ?? sourceId) === sourceId &&
      Math.abs(Date.parse(said.timestamp) - Date.parse(timestamp)) <= within,
  );

/**
 * A message that a client sends twice comes with two times that are some milliseconds apart, for the time of sending is in them. Either
 * may have been taken in, so what is news by less than this is none.
 */
const resentWithin = 5_000;
/** And received so many hours before at the most: the mark is of the hour in which it was received that came through. */
const resentHours = 3;

/** Whether `a`, ISO 8601, is later than `b` for sure; than nothing, everything is. */
const isLater = (a: string, b: string | undefined): boolean =>
  b === undefined || Date.parse(a) > Date.parse(b) + resentWithin;

/** Not by when it was received, for of a message that was sent twice the second may have come through first. */
const spans = (seen: Seen | undefined, { timestamp }: Event): boolean =>
  seen !== undefined && !isLater(seen.first, timestamp) && !isLater(timestamp, seen.last);

function saysNews({ collection, recent, traits, horizons }: Profile, event: Event): boolean {
  const { timestamp } = event;
  const said = Object.keys(collection === 'users' ? traitsOfPerson(event) : traitsOfAccount(event));
  return (
    isLater(timestamp, recent[recentEvents - 1]?.timestamp) ||
    said.some((name) => isName(name) && isLater(timestamp, traits.get(name)?.timestamp ?? horizons?.traits?.timestamp))
  );
}

function saysNewsOfPerson(
  { accounts, touches, consent, horizons }: Profile,
  { event, identifiers }: Sighting,
  rules: IdentityRules,
): boolean {
  const { timestamp } = event;
  const account = accountOf(event, rules);
  if (account !== undefined && saysNewsOfAccount(accounts.get(textOf(account)), horizons?.accounts, event)) return true;
  if (
    touchOf(event) &&
    (touches.first === undefined ||
      isLater(touches.first.timestamp, timestamp) ||
      isLater(timestamp, touches.last?.timestamp))
  )
    return true;
  // It was said under the last identifier that the event kept; which that was is not known.
  const [categories = [], ...others] = identifiers.map((id) => statementsOf(event, [id]).map(([key]) => key));
  return categories.some((key, n) =>
    [key, ...others.map((keys) => keys[n] ?? '')].every(
      (one) => isKept(one, horizons) && isLater(timestamp, consent.get(one)?.timestamp),
    ),
  );
}

/** Whether a profile has room for a category; of one that it has not there is no news. */
const isKept = (key: string, horizons: Horizons | undefined): boolean =>
  horizons?.consent === undefined || categoryOf(key) < horizons.consent;

/** A profile that let accounts go knows of the others only when they were last seen. */
const saysNewsOfAccount = (seen: Seen | undefined, horizon: Place | undefined, event: Event): boolean =>
  horizon === undefined ? !spans(seen, event) : isLater(event.timestamp, seen?.last ?? horizon.timestamp);

/** An event out of quarantine was not applied, so if it brings people together it has yet to. */
function linksNothing(
  { event, identifiers }: Sighting,
  owner: Profile,
  ownerOf: OwnerOf,
  rules: IdentityRules,
): boolean {
  const { profiles, identifiers: kept } = place({ identifiers, receivedAt: event.receivedAt }, ownerOf, rules);
  return profiles.length === 1 && kept.every((id) => owner.identifiers.has(id));
}
