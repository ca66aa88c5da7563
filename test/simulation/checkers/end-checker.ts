import { ownerName } from '../../../lambdas/core/profile/owner-name.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { bounds } from '../../fakes/memory-store.ts';
import { type Message, messageIdIn, type Truth } from '../people/message.ts';
import { type Plan, type Request, remembersAll } from '../people/plan.ts';
import { isOwn } from '../world/lake.ts';
import type { Parked } from '../world/quarantine.ts';
import type { StreamRecord } from '../world/stream.ts';
import type { CommitChecker } from './commit-checker.ts';
import { describeProfile } from './described.ts';
import { expectedProfiles } from './oracle.ts';

/** A history at its end, when everything has been delivered. */
interface End {
  readonly plan: Plan;
  readonly checker: CommitChecker;
  /** Requests that were answered with 200. */
  readonly accepted: readonly Request[];
  readonly stored: readonly StreamRecord<string>[];
  readonly parked: readonly Parked[];
}

/** What is wrong at the end of a history. */
export function endViolations(end: End): string[] {
  const lines = new Set(
    end.stored.flatMap(({ data }) => data.split('\n')).filter((line) => line !== '' && !isOwn(line)),
  );
  const stored = new Set([...lines].map(messageIdIn));
  const messages = messagesOf(end.plan.requests).filter(({ truth }) => stored.has(truth.messageId));
  const live = [...end.checker.profiles.values()].flatMap((item) => (item.kind === 'profile' ? [item.profile] : []));
  return [
    ...lostBeforeTheStream(end, lines, stored),
    ...unparkedRubbish(end, lines),
    ...misowned(end.checker, live),
    ...misplaced(end, messages, live),
    ...(unstopped(end.plan) && !end.plan.unmerges && !end.plan.corrects ? unexpected(end, messages, live) : []),
    ...(remembersAll(end.plan) ? misheard(end, lines, messages, live) : []),
  ];
}

/** What each live person is, is what was said to them. */
const misheard = (
  { checker }: End,
  lines: ReadonlySet<string>,
  messages: readonly Message[],
  live: readonly Profile[],
): string[] =>
  checker.layers.wrongContents(
    live,
    lines,
    messages.map(({ truth }) => truth),
    checker.corrections.moreThanMarked,
  );

/** Whether nothing but its own emptiness can keep a message out of a profile. */
export const unstopped = ({ rules, maxItemBytes }: Plan): boolean =>
  rules === 'boundless' && maxItemBytes === bounds.itemBytes;

const messagesOf = (requests: readonly Request[]): Message[] =>
  requests.flat().filter((item) => typeof item !== 'string');

/** Invariant 1, its first half: what was answered with 200 is on the stream. */
function lostBeforeTheStream(
  { accepted }: End,
  lines: ReadonlySet<string>,
  stored: ReadonlySet<string | undefined>,
): string[] {
  return accepted.flat().flatMap((item) => {
    const there = typeof item === 'string' ? lines.has(item) : stored.has(item.truth.messageId);
    return there
      ? []
      : [`answered with 200 and not on the stream: ${typeof item === 'string' ? item : item.truth.messageId}`];
  });
}

/** Invariant 1 for what is no event. */
function unparkedRubbish({ parked }: End, lines: ReadonlySet<string>): string[] {
  const aside = new Set(parked.map(({ event }) => event));
  const rubbish = [...lines].filter((line) => messageIdIn(line) === undefined);
  return rubbish
    .filter((line) => !aside.has(JSON.stringify(line)))
    .map((line) => `is no event and not in quarantine: ${line}`);
}

/** Invariant 4: every identifier leads to the one live profile that has it. */
function misowned(checker: CommitChecker, live: readonly Profile[]): string[] {
  const holders = live.flatMap(({ profileId, collection, identifiers }) =>
    [...identifiers.keys()].map((id) => [ownerName(collection, id) as string, profileId] as const),
  );
  const owned = [...checker.owners].map(
    ([id, given]) => [id, checker.liveAt(given)?.profile.profileId ?? 'nobody'] as const,
  );
  return differences('identifier', new Set(owned.map(String)), new Set(holders.map(String)));
}

/**
 * Invariants 1 and 2: each message is in one profile once, or in quarantine. What a cap or the size of its profile put
 * aside may also be in a profile: a repetition of it that came later, or a redrive, found another situation.
 */
function misplaced(
  { parked, plan, checker: { corrections } }: End,
  messages: readonly Message[],
  live: readonly Profile[],
): string[] {
  const quarantined = new Set(parked.map(({ event }) => messageIdIn(event)));
  const people = live.filter(({ collection }) => collection === 'users');
  const applied = people.reduce((sum, profile) => sum + profile.eventCount - corrections.moreThanMarked(profile), 0);
  // Who had an identifier that was released no longer answers for it: a message that comes again is said to whom it
  // names now.
  const once = remembersAll(plan) && corrections.released.size === 0;
  const distinct = new Map(messages.map(({ truth }) => [truth.messageId, truth]));
  const movable = new Set(
    parked.filter(({ reason }) => byCap.test(reason) || bySize.test(reason)).map(({ event }) => messageIdIn(event)),
  );
  const kept = [...distinct.values()].filter(({ messageId }) => !quarantined.has(messageId));
  const holders = Map.groupBy(
    live.flatMap(({ traits }) => [...traits.keys()].filter((name) => name.startsWith('said-'))),
    (name) => name,
  );
  const sayers = kept.filter(({ messageId, traits }) => `said-${messageId}` in traits);
  const nameless = [...distinct.values()].filter(
    ({ identifiers, messageId }) => identifiers.length === 0 && !quarantined.has(messageId),
  );
  const groundless = parked.filter(
    ({ reason, event }) => !isGround(reason, distinct.get(messageIdIn(event) ?? ''), plan),
  );
  return [
    ...(applied >= kept.length && (applied <= kept.length + movable.size || !once)
      ? []
      : [`${kept.length} messages are not in quarantine, ${applied} are counted in profiles`]),
    ...sayers.flatMap(({ messageId }) =>
      isHeld(holders.get(`said-${messageId}`)?.length ?? 0, once)
        ? []
        : [`${messageId} is in ${holders.get(`said-${messageId}`)?.length ?? 0} profiles`],
    ),
    ...nameless.map(({ messageId }) => `${messageId} names nobody and is not in quarantine`),
    ...groundless.map(({ reason, event }) => `quarantined without ground (${reason}): ${event}`),
  ];
}

/** Once. What comes again when it is no longer remembered is taken for new, and limits may lead it elsewhere. */
const isHeld = (profiles: number, once: boolean): boolean => profiles === 1 || (profiles > 1 && !once);

const bySize = /size|ValidationError/;
export const byCap = /^(cap|breaker) of /;

/** Why something was quarantined, in one of few words. */
export const groundOf = (reason: string): string =>
  reason.startsWith('cap of 100 items')
    ? 'too many identifiers'
    : byCap.test(reason)
      ? 'cap or breaker'
      : bySize.test(reason)
        ? 'too large'
        : reason.startsWith('names nobody')
          ? 'names nobody'
          : 'no event';

/** Whether what was quarantined belongs there. */
function isGround(reason: string, truth: Truth | undefined, { rules, maxItemBytes }: Plan): boolean {
  if (truth === undefined) return true;
  if (reason.startsWith('names nobody')) return truth.identifiers.length === 0;
  if (reason.startsWith('cap of 100 items')) return truth.identifiers.length > 99;
  if (bySize.test(reason)) return maxItemBytes < bounds.itemBytes;
  return byCap.test(reason) && (rules === 'tight' || rules === 'breaker');
}

/** Invariant 3, where no limit binds: the profiles are those of the oracle. */
function unexpected({ parked }: End, messages: readonly Message[], live: readonly Profile[]): string[] {
  const quarantined = new Set(parked.map(({ event }) => messageIdIn(event)));
  const truths = messages.map(({ truth }) => truth);
  const expected = expectedProfiles(truths, (truth) => quarantined.has(truth.messageId));
  return differences(
    'profile',
    new Set(live.map(describeProfile)),
    new Set(expected.map((profile) => JSON.stringify(profile))),
  );
}

function differences(what: string, found: ReadonlySet<string>, wanted: ReadonlySet<string>): string[] {
  return [
    ...[...found].filter((text) => !wanted.has(text)).map((text) => `${what} that should not be: ${text}`),
    ...[...wanted].filter((text) => !found.has(text)).map((text) => `${what} that is missing: ${text}`),
  ];
}
