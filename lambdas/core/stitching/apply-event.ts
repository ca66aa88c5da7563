import type { Event } from '../events/event.ts';
import { accountOf, type Identifier, textOf } from '../identifiers/identifier.ts';
import type { IdentityRules } from '../identifiers/rules.ts';
import { linkedSince } from '../limits/identifier-limit.ts';
import { joinTouches, touchOf } from '../profile/campaign-touch.ts';
import { joinConsent, statementsOf } from '../profile/consent.ts';
import { markOf } from '../profile/message-key.ts';
import { hourOf, isForgotten } from '../profile/message-marks.ts';
import {
  type Collection,
  type Draft,
  type DraftFacts,
  greatest,
  hasApplied,
  joinSeen,
  least,
} from '../profile/profile.ts';
import { recentOf, withRecent } from '../profile/recent-events.ts';
import { joinTrait, traitOf, traitsOfAccount, traitsOfPerson } from '../profile/trait.ts';

/**
 * Applies one event to a draft, with the identifiers that placed it. A marked message changes nothing. A replayed
 * message from before the marks is not counted, because it may have been counted already.
 */
export function applyEvent(
  draft: Draft,
  event: Event,
  identifiers: readonly Identifier[],
  rules: IdentityRules,
  mark = markOf(event),
): void {
  if (hasApplied(draft, mark)) return;
  const { timestamp, receivedAt } = event;
  const seen = { first: timestamp, last: timestamp, linked: receivedAt };
  const counts = event.replayed === undefined || !isForgotten(draft.marks, hourOf(receivedAt));
  for (const facts of draft.own ? [draft, draft.own] : [draft]) {
    if (counts) {
      facts.marks.set(mark, hourOf(receivedAt));
      facts.eventCount += 1;
    }
    applyFacts(facts, event, draft.collection);
    if (draft.collection === 'users') applyFactsOfPerson(facts, event, rules);
  }
  for (const id of identifiers) if (!draft.identifiers.has(id)) draft.identifiers.set(id, seen);
  // New identifiers come first: their place was judged by the current links of the others.
  for (const id of identifiers)
    draft.identifiers.set(id, {
      ...joinSeen(draft.identifiers.get(id), seen),
      linked: linkedSince(draft, id, receivedAt, rules),
    });
  const statements = draft.collection === 'users' ? statementsOf(event, identifiers) : [];
  for (const [key, statement] of statements) draft.consent.set(key, joinConsent(draft.consent.get(key), statement));
}

function applyFacts(facts: DraftFacts, event: Event, collection: Collection): void {
  const { timestamp } = event;
  facts.firstSeen = least(facts.firstSeen, timestamp);
  facts.lastSeen = greatest(facts.lastSeen, timestamp);
  facts.recent = withRecent(facts.recent, recentOf(event));
  const traits = collection === 'users' ? traitsOfPerson(event) : traitsOfAccount(event);
  for (const [name, value] of Object.entries(traits))
    facts.traits.set(name, joinTrait(facts.traits.get(name), traitOf(value, event)));
}

/** Applies what only people have: accounts and touches. */
function applyFactsOfPerson(facts: DraftFacts, event: Event, rules: IdentityRules): void {
  const { timestamp, receivedAt } = event;
  const account = accountOf(event, rules);
  if (account)
    facts.accounts.set(
      textOf(account),
      joinSeen(facts.accounts.get(textOf(account)), { first: timestamp, last: timestamp, linked: receivedAt }),
    );
  const touch = touchOf(event);
  if (touch) facts.touches = joinTouches(facts.touches, { first: touch, last: touch });
}
