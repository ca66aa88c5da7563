import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { typeOf } from '../../../lambdas/core/identifiers/identifier.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { segmentsBy } from '../people/barred.ts';
import type { Happened } from '../people/happenings.ts';
import { namesEver, untruths } from './outbox-checker.ts';

/** People while some of them are barred: what was said to each, and what a tool takes them for. */
interface Audience {
  readonly live: readonly Profile[];
  readonly saidTo: (profile: Profile) => readonly Happened[];
  /** `name segment` → whether the tool takes them for a member. */
  readonly told: ReadonlyMap<string, boolean>;
}

/**
 * Invariants 3, 5 and 8 for people of whom some are barred: each is in the segments that follow from what was said to
 * them, or in none where they are suppressed; nobody has more identifiers than the limits allow; and the tool has the
 * truth of everybody, and of nobody who was erased.
 */
export function audienceViolations(
  { live, saidTo, told }: Audience,
  { segments, identity, destinations }: CdpConfig,
): string[] {
  const keys = segments.map(({ key }) => key);
  const names = new Set(live.flatMap(namesEver));
  const erased = [...told].filter(([who, isMember]) => isMember && !names.has(who.split(' ', 1)[0] ?? ''));
  return [
    ...live.flatMap((profile) => wrongSegments(profile, saidTo(profile))),
    ...live.flatMap((profile) => overLimits(profile, identity)),
    ...(destinations.length === 0 ? [] : untruths(live, told, keys)),
    ...erased.map(([who]) => `the tool takes ${who}, who is nobody, for a member`),
  ];
}

function wrongSegments({ profileId, suppressed, segments }: Profile, said: readonly Happened[]): string[] {
  const [found, wanted] = [[...segments.keys()], suppressed ? [] : segmentsBy(said)].map((keys) => keys.sort().join());
  return found === wanted ? [] : [`${profileId} is in ${found}, and by what was said to it in ${wanted}`];
}

const overLimits = ({ profileId, identifiers }: Profile, { limits, defaultLimit }: CdpConfig['identity']): string[] =>
  [...Map.groupBy(identifiers.keys(), typeOf)].flatMap(([type, all]) =>
    all.length > (limits[type]?.max ?? defaultLimit) ? [`${profileId} has ${all.length} identifiers of ${type}`] : [],
  );
