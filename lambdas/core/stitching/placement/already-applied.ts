import type { Event } from '../../events/event.ts';
import { accountOf, type Identifier, textOf } from '../../identifiers/identifier.ts';
import type { IdentityRules } from '../../identifiers/rules.ts';
import type { Survivorship } from '../../lake/survivorship.ts';
import { touchOf } from '../../profile/campaign-touch.ts';
import { categoryOf, statementsOf } from '../../profile/consent.ts';
import type { Horizons } from '../../profile/horizons.ts';
import { hourOf, isForgotten } from '../../profile/message-marks.ts';
import type { Profile, Seen } from '../../profile/profile.ts';
import { recentEvents } from '../../profile/recent-events.ts';
import { saidBy, statementsIn } from '../../profile/surviving-trait.ts';
import { traitsOfAccount, traitsOfPerson } from '../../profile/trait.ts';
import { isName, type Place } from '../../profile/trait-bound.ts';
import type { StitchRules } from '../batch/rules.ts';
import type { Sighting } from '../batch/sighting.ts';
import { place } from './placement.ts';

type OwnerOf = (id: Identifier) => Profile | undefined;

/**
 * Whether a replayed event without a mark may have been applied before. An applied event always kept its most trusted
 * identifier and put all its statements on that profile, so any new statement proves that it was not applied. After an
 * unmerge the statements may be with the other person, so there a sight of the identifier around that time is enough.
 */
export function mayHaveApplied(
  sighting: Sighting,
  ownerOf: OwnerOf,
  { identity: rules, survivorship }: Pick<StitchRules, 'identity' | 'survivorship'>,
): boolean {
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
    statesNews(owner, event, survivorship) ||
    (owner.collection === 'users' && statesNewsOfPerson(owner, sighting, rules))
  )
    return false;
  return event.replayed === 'raw' || event.replayed === 'forward' || linksNothing(sighting, owner, ownerOf, rules);
}

/** Whether a message with this id was applied within a span of time; several messages may share an id. */
const names = (
  { traits, consent, recent, touches }: Profile,
  { messageId, sourceId, timestamp }: Event,
  within: number,
): boolean =>
  [...recent, ...[...traits.values()].flatMap(statementsIn), ...consent.values(), touches.first, touches.last].some(
    (statement?: { readonly messageId: string; readonly timestamp: string; readonly sourceId?: string }) =>
      statement?.messageId === messageId &&
      (statement.sourceId ?? sourceId) === sourceId &&
      Math.abs(Date.parse(statement.timestamp) - Date.parse(timestamp)) <= within,
  );

/**
 * Milliseconds. A client that resends a message may change its times by some milliseconds, and either version may have
 * been applied, so smaller differences do not count as new.
 */
const resentWithin = 5_000;
/** Hours of receipt to look back, because the mark has the hour of the version that was applied. */
const resentHours = 3;

/** Whether `a`, ISO 8601, is certainly later than `b`; any time is later than undefined. */
const isLater = (a: string, b: string | undefined): boolean =>
  b === undefined || Date.parse(a) > Date.parse(b) + resentWithin;

/** Compares event times: of two versions of a message, the later one may have been applied first. */
const spans = (seen: Seen | undefined, { timestamp }: Event): boolean =>
  seen !== undefined && !isLater(seen.first, timestamp) && !isLater(timestamp, seen.last);

function statesNews(
  { collection, recent, traits, horizons }: Profile,
  event: Event,
  survivorship: Survivorship | undefined,
): boolean {
  const { timestamp } = event;
  const lastSaid = (name: string) =>
    saidBy(traits.get(name), name, event, survivorship)?.timestamp ?? horizons?.traits?.timestamp;
  const traitNames = Object.keys(collection === 'users' ? traitsOfPerson(event) : traitsOfAccount(event));
  return (
    isLater(timestamp, recent[recentEvents - 1]?.timestamp) ||
    traitNames.some((name) => isName(name) && isLater(timestamp, lastSaid(name)))
  );
}

function statesNewsOfPerson(
  { accounts, touches, consent, horizons }: Profile,
  { event, identifiers, isCut }: Sighting,
  rules: IdentityRules,
): boolean {
  const { timestamp } = event;
  const account = accountOf(event, rules);
  if (account !== undefined && statesNewsOfAccount(accounts.get(textOf(account)), horizons?.accounts, event))
    return true;
  if (
    touchOf(event) &&
    (touches.first === undefined ||
      isLater(touches.first.timestamp, timestamp) ||
      isLater(timestamp, touches.last?.timestamp))
  )
    return true;
  // The statement is under the last identifier that the event kept, which is unknown; also one that spoke for a device
  // of somebody else, before that was kept apart.
  const last = identifiers.length - 1;
  const speakers = identifiers.flatMap((id, n) =>
    n < last || isCut ? [statementsOf(event, [id]), statementsOf(event, [id], true)] : [statementsOf(event, [id])],
  );
  const [categories = [], ...others] = speakers.map((statements) => statements.map(([key]) => key));
  return categories.some((key, n) =>
    [key, ...others.map((keys) => keys[n] ?? '')].every(
      (one) => isKept(one, horizons) && isLater(timestamp, consent.get(one)?.timestamp),
    ),
  );
}

/** Whether a profile has room for a category; a category without room cannot be new. */
const isKept = (key: string, horizons: Horizons | undefined): boolean =>
  horizons?.consent === undefined || categoryOf(key) < horizons.consent;

/** A profile that dropped accounts knows only the last sight of the others. */
const statesNewsOfAccount = (seen: Seen | undefined, horizon: Place | undefined, event: Event): boolean =>
  horizon === undefined ? !spans(seen, event) : isLater(event.timestamp, seen?.last ?? horizon.timestamp);

/** A quarantined event was not applied, so it is new if it would merge or link profiles. */
function linksNothing(
  { event, identifiers }: Sighting,
  owner: Profile,
  ownerOf: OwnerOf,
  rules: IdentityRules,
): boolean {
  const { profiles, identifiers: kept } = place({ identifiers, receivedAt: event.receivedAt }, ownerOf, rules);
  return profiles.length === 1 && kept.every((id) => owner.identifiers.has(id));
}
