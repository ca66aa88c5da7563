import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { identifierOf } from '../../../lambdas/core/profile/owner-name.ts';
import { audienceEvent } from '../../fixtures/told.ts';
import type { Outbox } from '../world/outbox.ts';
import type { Parked } from '../world/quarantine.ts';
import type { CommitChecker } from './commit-checker.ts';
import { byCap } from './end-checker.ts';

/**
 * Invariant 8: under the name by which it knows a person now, the destination has the truth; and the log has every
 * merge and link.
 */
export function untoldTruths(
  { profiles, owners, corrections }: CommitChecker,
  { told, log }: Outbox,
  { segments, identity }: CdpConfig,
): string[] {
  const people = [...profiles.values()].flatMap((item) =>
    item.kind === 'profile' && item.profile.collection === 'users' ? [item.profile] : [],
  );
  const wrong = people.flatMap((profile) =>
    segments.flatMap(({ key }) => {
      const { userId, anonymousId } = audienceEvent(profile, key, identity, '2026-05-02T00:00:00.000Z');
      const [believed, true_] = [told.get(`${userId ?? anonymousId} ${key}`) ?? false, profile.segments.has(key)];
      return believed === true_ || corrections.formerNames.has(userId ?? anonymousId ?? '')
        ? []
        : [`the destination takes ${userId ?? anonymousId} ${believed ? 'for' : 'for no'} member of ${key}`];
    }),
  );
  const absorbed = new Set(log.map((line) => line.absorbed));
  const linked = new Set(log.flatMap(({ kind, identifier }) => (kind === 'link' ? identifier : [])));
  const merged = [...profiles].filter(([, { kind }]) => kind === 'tombstone').map(([id]) => id);
  return [
    ...wrong,
    ...merged.filter((id) => !absorbed.has(id)).map((id) => `the identity log does not say that ${id} was merged`),
    ...[...owners.keys()]
      .filter((id) => !linked.has(identifierOf(id)))
      .map((id) => `the identity log does not say that ${id} was linked`),
  ];
}

/** Whatever a cap or the breaker kept out is in the log. */
export function unloggedCaps(parked: readonly Parked[], { log }: Outbox): string[] {
  const logged = new Set(log.flatMap(({ kind, messageId }) => (kind === 'cap' ? messageId : [])));
  const kept = parked
    .filter(({ reason }) => byCap.test(reason))
    .map(({ event }) => /"messageId":"([mc]\d+)"/.exec(event)?.[1]);
  return kept
    .filter((messageId) => !logged.has(messageId))
    .map((messageId) => `the identity log does not say that a cap kept ${messageId} out`);
}
