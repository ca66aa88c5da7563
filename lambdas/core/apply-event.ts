import type { IdentityRules } from './config.ts';
import { joinConsent, statementsOf } from './consent.ts';
import type { Event } from './event.ts';
import { accountOf, type Identifier, textOf } from './identifier.ts';
import { hourOf, isForgotten } from './marks.ts';
import { markOf } from './message-key.ts';
import { type Draft, greatest, hasApplied, joinSeen, least } from './profile.ts';
import { recentOf, withRecent } from './recent.ts';
import { joinTouches, touchOf } from './touch.ts';
import { joinTrait, traitOf, traitsOfAccount, traitsOfPerson } from './trait.ts';

/**
 * Takes one event into a draft, with the identifiers it was placed by. A message that is marked already changes nothing; a replayed
 * one of a time that the marks no longer reach back to is not counted, for nobody knows whether it was counted before.
 */
export function applyEvent(draft: Draft, event: Event, identifiers: readonly Identifier[], rules: IdentityRules): void {
  const mark = markOf(event);
  if (hasApplied(draft, mark)) return;
  const { timestamp, receivedAt } = event;
  const seen = { first: timestamp, last: timestamp, linked: receivedAt };
  if (event.replayed === undefined || !isForgotten(draft.marks, hourOf(receivedAt))) {
    draft.marks.set(mark, hourOf(receivedAt));
    draft.eventCount += 1;
  }
  draft.firstSeen = least(draft.firstSeen, timestamp);
  draft.lastSeen = greatest(draft.lastSeen, timestamp);
  draft.recent = withRecent(draft.recent, recentOf(event));
  for (const id of identifiers) draft.identifiers.set(id, joinSeen(draft.identifiers.get(id), seen));
  const traits = draft.collection === 'users' ? traitsOfPerson(event) : traitsOfAccount(event);
  for (const [name, value] of Object.entries(traits)) draft.traits.set(name, joinTrait(draft.traits.get(name), traitOf(value, event)));
  if (draft.collection === 'users') applyToPerson(draft, event, identifiers, rules);
}

/** What only people have: accounts they belong to, consent they gave, ways they came. */
function applyToPerson(draft: Draft, event: Event, identifiers: readonly Identifier[], rules: IdentityRules): void {
  const { timestamp, receivedAt } = event;
  const account = accountOf(event, rules);
  if (account)
    draft.accounts.set(textOf(account), joinSeen(draft.accounts.get(textOf(account)), { first: timestamp, last: timestamp, linked: receivedAt }));
  for (const [key, statement] of statementsOf(event, identifiers)) draft.consent.set(key, joinConsent(draft.consent.get(key), statement));
  const touch = touchOf(event);
  if (touch) draft.touches = joinTouches(draft.touches, { first: touch, last: touch });
}
