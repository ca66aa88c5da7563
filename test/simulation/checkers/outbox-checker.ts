import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { textOf } from '../../../lambdas/core/identifiers/identifier.ts';
import { identifierOf } from '../../../lambdas/core/profile/owner-name.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { audienceEvent } from '../../fixtures/told.ts';
import type { Outbox } from '../world/outbox.ts';
import type { Parked } from '../world/quarantine.ts';
import type { CommitChecker } from './commit-checker.ts';
import { byCap } from './end-checker.ts';

/**
 * Invariant 8: under the name by which it knows a person now, the destination has the truth, and under no other name
 * of theirs a member; and the log has every merge and link.
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
  const names = new Map(people.flatMap((profile) => namesOf(profile).map((name) => [name, profile] as const)));
  const abandoned = [...told].flatMap(([who, believed]) => {
    const [name = '', key = ''] = who.split(' ');
    const owner = names.get(name);
    const known = owner && audienceEvent(owner, key, identity, '2026-05-02T00:00:00.000Z');
    if (!believed || owner === undefined || (known?.userId ?? known?.anonymousId) === name) return [];
    return corrections.formerNames.has(name)
      ? []
      : [`the destination takes the former name ${name} for a member of ${key}`];
  });
  const absorbed = new Set(log.map((line) => line.absorbed));
  const linked = new Set(log.flatMap(({ kind, identifier }) => (kind === 'link' ? identifier : [])));
  const merged = [...profiles].filter(([, { kind }]) => kind === 'tombstone').map(([id]) => id);
  return [
    ...wrong,
    ...abandoned,
    ...merged.filter((id) => !absorbed.has(id)).map((id) => `the identity log does not say that ${id} was merged`),
    ...[...owners.keys()]
      .filter((id) => !linked.has(identifierOf(id)))
      .map((id) => `the identity log does not say that ${id} was linked`),
  ];
}

/** Every name that somebody can have had at a destination. */
const namesOf = ({ profileId, merged, identifiers }: Profile): string[] => [
  profileId,
  ...merged.keys(),
  ...[...identifiers.keys()].flatMap((id) => (/^(user|anonymous)_id:/.test(id) ? [textOf(id)] : [])),
];

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
