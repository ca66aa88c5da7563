import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { textOf } from '../../../lambdas/core/identifiers/identifier.ts';
import { identifierOf } from '../../../lambdas/core/profile/owner-name.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import type { Outbox } from '../world/outbox.ts';
import type { Parked } from '../world/quarantine.ts';
import type { CommitChecker } from './commit-checker.ts';
import { byCap } from './end-checker.ts';

/** Invariant 8: the destination has the truth, and the log has every merge and link. */
export function untoldTruths(
  { profiles, owners, corrections }: CommitChecker,
  { told, log }: Outbox,
  { segments }: Pick<CdpConfig, 'segments'>,
): string[] {
  const people = [...profiles.values()].flatMap((item) =>
    item.kind === 'profile' && item.profile.collection === 'users' ? [item.profile] : [],
  );
  const absorbed = new Set(log.map((line) => line.absorbed));
  const linked = new Set(log.flatMap(({ kind, identifier }) => (kind === 'link' ? identifier : [])));
  const merged = [...profiles].filter(([, { kind }]) => kind === 'tombstone').map(([id]) => id);
  return [
    ...untruths(
      people,
      told,
      segments.map(({ key }) => key),
      corrections.formerNames,
    ),
    ...merged.filter((id) => !absorbed.has(id)).map((id) => `the identity log does not say that ${id} was merged`),
    ...[...owners.keys()]
      .filter((id) => !linked.has(identifierOf(id)))
      .map((id) => `the identity log does not say that ${id} was linked`),
  ];
}

/**
 * What a destination has wrong: under each name by which it knows a person now it must have the truth, and under no
 * other name of theirs a member. Of former names, which were released, nothing is asked.
 */
export function untruths(
  people: readonly Profile[],
  told: ReadonlyMap<string, boolean>,
  segments: readonly string[],
  formerNames: ReadonlySet<string> = new Set(),
): string[] {
  const wrong = people.flatMap((profile) =>
    segments.flatMap((key) =>
      namesOfNow(profile).flatMap((name) => {
        const [believed, true_] = [told.get(`${name} ${key}`) ?? false, profile.segments.has(key)];
        return believed === true_ || formerNames.has(name)
          ? []
          : [`the destination takes ${name} ${believed ? 'for' : 'for no'} member of ${key}`];
      }),
    ),
  );
  const names = new Map(people.flatMap((profile) => namesEver(profile).map((name) => [name, profile] as const)));
  const abandoned = [...told].flatMap(([who, believed]) => {
    const [name = '', key = ''] = who.split(' ');
    const owner = names.get(name);
    return !believed || owner === undefined || namesOfNow(owner).includes(name) || formerNames.has(name)
      ? []
      : [`the destination takes the former name ${name} for a member of ${key}`];
  });
  return [...wrong, ...abandoned];
}

const textsOf = ({ identifiers }: Profile, type: string): string[] =>
  [...identifiers.keys()].flatMap((id) => (id.startsWith(`${type}:`) ? [textOf(id)] : []));

/** All user ids, or without one all devices, or else the profile's id. */
function namesOfNow(profile: Profile): string[] {
  const [users, devices] = ['user_id', 'anonymous_id'].map((type) => textsOf(profile, type));
  if (users && users.length > 0) return users;
  return devices && devices.length > 0 ? devices : [profile.profileId];
}

/** Every name that somebody can have had at a destination. */
export const namesEver = (profile: Profile): string[] => [
  profile.profileId,
  ...profile.merged.keys(),
  ...textsOf(profile, 'user_id'),
  ...textsOf(profile, 'anonymous_id'),
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
