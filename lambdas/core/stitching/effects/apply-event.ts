import type { Event } from '../../events/event.ts';
import { accountOf, type Identifier, textOf } from '../../identifiers/identifier.ts';
import { linkedSince } from '../../limits/identifier-limit.ts';
import { joinTouches, touchOf } from '../../profile/campaign-touch.ts';
import { joinConsent, statementsOf } from '../../profile/consent.ts';
import { greatest, joinSeen, least } from '../../profile/join.ts';
import { markOf } from '../../profile/message-key.ts';
import { hourOf, isForgotten } from '../../profile/message-marks.ts';
import { type Collection, type Draft, hasApplied, type MergeableDraft } from '../../profile/profile.ts';
import { recentOf, withRecent } from '../../profile/recent-events.ts';
import { joinStated } from '../../profile/surviving-trait.ts';
import { traitOf, traitsOfAccount, traitsOfPerson } from '../../profile/trait.ts';
import { takeEvent } from '../../segments/evaluation/take-event.ts';
import { historiesAfterLate } from '../../segments/history/late.ts';
import { registryFor } from '../../segments/history/registry.ts';
import { countingAt } from '../../segments/history/standing.ts';
import { programOf } from '../../segments/program/compile.ts';
import type { StitchRules } from '../batch/rules.ts';

interface Applying {
  readonly rules: StitchRules;
  readonly mark?: string;
  /** Identifiers in the event that are the person's; the last one speaks for its consent. */
  readonly speakers?: readonly Identifier[];
  /** Whether the event also names a less trusted identifier, which is not the person's. */
  readonly isElsewhere?: boolean;
}

/**
 * Applies one event to a draft, with the identifiers that placed it. A marked message changes nothing. A replayed
 * message from before the marks is not counted, because it may have been counted already.
 */
export function applyEvent(
  draft: Draft,
  event: Event,
  identifiers: readonly Identifier[],
  { rules, mark = markOf(event), speakers = identifiers, isElsewhere = false }: Applying,
): void {
  if (hasApplied(draft, mark)) return;
  const { timestamp, receivedAt } = event;
  const seen = { first: timestamp, last: timestamp, linked: receivedAt };
  const program = programOf(rules, draft.collection);
  const counts = event.replayed === undefined || !isForgotten(draft.marks, hourOf(receivedAt));
  const countsIn = countingAt(rules, draft.collection, receivedAt);
  if (countsIn !== undefined) noteLate(draft, rules, receivedAt);
  for (const mergeable of draft.own ? [draft, draft.own] : [draft]) {
    if (counts) {
      mergeable.marks.set(mark, hourOf(receivedAt));
      mergeable.eventCount += 1;
      takeEvent(program, mergeable.aggregates, { event, at: Date.parse(timestamp), mark }, countsIn);
    }
    applyStatements(mergeable, event, draft.collection, rules);
    if (draft.collection === 'users') applyStatementsOfPerson(mergeable, event, rules);
  }
  for (const id of identifiers) if (!draft.identifiers.has(id)) draft.identifiers.set(id, seen);
  // New identifiers come first: their place was judged by the current links of the others.
  for (const id of identifiers)
    draft.identifiers.set(id, {
      ...joinSeen(draft.identifiers.get(id), seen),
      linked: linkedSince(draft, id, receivedAt, rules.identity),
    });
  const statements = draft.collection === 'users' ? statementsOf(event, speakers, isElsewhere) : [];
  for (const [key, statement] of statements) draft.consent.set(key, joinConsent(draft.consent.get(key), statement));
}

/** The lake has an event that new aggregates do not count, and gives it with a history. */
function noteLate(draft: Draft, { registry }: StitchRules, receivedAt: string): void {
  if (registry === undefined) return;
  const { profileId, collection, merged } = draft;
  const part = registryFor(registry, collection);
  draft.histories = historiesAfterLate(draft.histories, [profileId, ...merged.keys()], part, receivedAt);
  if (draft.own) draft.own.histories = historiesAfterLate(draft.own.histories, [profileId], part, receivedAt);
}

function applyStatements(
  mergeable: MergeableDraft,
  event: Event,
  collection: Collection,
  { survivorship }: StitchRules,
): void {
  const { timestamp } = event;
  mergeable.firstSeen = least(mergeable.firstSeen, timestamp);
  mergeable.lastSeen = greatest(mergeable.lastSeen, timestamp);
  mergeable.recent = withRecent(mergeable.recent, recentOf(event));
  const said = Object.entries(collection === 'users' ? traitsOfPerson(event) : traitsOfAccount(event));
  // Few events say any; where none does, the same map shows that none changed.
  if (said.length === 0) return;
  const traits = new Map(mergeable.traits);
  for (const [name, value] of said)
    traits.set(name, joinStated(traits.get(name), traitOf(value, event), name, survivorship));
  mergeable.traits = traits;
}

/** Applies what only people have: accounts and touches. */
function applyStatementsOfPerson(mergeable: MergeableDraft, event: Event, { identity }: StitchRules): void {
  const { timestamp, receivedAt } = event;
  const account = accountOf(event, identity);
  if (account)
    mergeable.accounts.set(
      textOf(account),
      joinSeen(mergeable.accounts.get(textOf(account)), { first: timestamp, last: timestamp, linked: receivedAt }),
    );
  const touch = touchOf(event);
  if (touch) mergeable.touches = joinTouches(mergeable.touches, { first: touch, last: touch });
}
