import type { BarrierItems, OwnedItem } from '../../adapters/dynamodb/barrier-items.ts';
import { shortHashIn } from '../../adapters/dynamodb/identifier-key.ts';
import { byPriority } from '../../core/identifiers/identifier.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import { refusalsOf, withRefusals } from '../../core/operations/refusals.ts';
import { type Barrier, barrierText } from '../../core/privacy/barrier.ts';
import { type BarrierList, barrierIn } from '../../core/privacy/barrier-list.ts';
import { isStanding, type StoredRequest } from '../../core/privacy/request.ts';
import type { Profile, ProfileId } from '../../core/profile/profile.ts';
import { type ErasureDeps, eraser } from './erasure.ts';
import { changeProfile, markSuppressed } from './suppressed-profile.ts';

/** A restored or rebuilt table, and what was said since it was made. */
export interface ReapplyDeps extends Omit<ErasureDeps, 'barriers' | 'listed'> {
  readonly barriers: Pick<BarrierItems, 'set' | 'owned' | 'read'>;
  readonly list: BarrierList;
  /** All requests, as they stand now. */
  readonly requests: readonly StoredRequest[];
  /** Barriers of the live table by what stands for their identifiers, page by page; none if it is this table. */
  readonly live: () => AsyncIterable<readonly (readonly [keyed: string, barrier: Barrier])[]>;
  /** Every live profile of the table; undefined for one that cannot be read. */
  readonly profiles: () => AsyncIterable<Profile | undefined>;
}

/** How many people were taken out or marked, and how many barriers the table got beside that. */
export interface Reapplied {
  readonly erased: number;
  readonly suppressed: number;
  readonly lifted: number;
  /** People who got back what they had opted out of. */
  readonly optedOut: number;
  readonly barriers: number;
}

/**
 * Applies the list of barriers to a table that was made before parts of it, as if nothing about these people had ever
 * come in: whoever was erased since goes, whoever was suppressed is marked, and every identifier gets its barrier. It
 * may be repeated. @throws OperatorRefused
 */
export async function reapply(deps: ReapplyDeps): Promise<Reapplied> {
  const { barriers, list, requests, keyOf, config, profiles, live } = deps;
  const said = (keyed: string): Barrier | undefined => barrierIn(list, shortHashIn(keyed));
  const erasures = requests.filter(({ type, erasedAt }) => type === 'erasure' && erasedAt !== undefined);
  const erasedIds = new Set(erasures.flatMap(({ profileIds }) => profileIds));
  // Destinations are still being told: the request deletes the profile when its time comes.
  const telling = new Set(
    erasures.filter(({ tableEmptiedAt }) => tableEmptiedAt === undefined).flatMap(({ profileIds }) => profileIds),
  );
  const steps = eraser({
    ...deps,
    listed: { list: async () => {} },
    barriers: { read: barriers.read, erase: (keyed, _at, isErased) => barriers.set(keyed, said(keyed), isErased) },
  });
  const counts = { erased: 0, suppressed: 0, lifted: 0, optedOut: 0, barriers: 0 };
  const refusals = refusalsOf(requests);
  let unreadable = 0;
  if (list.size === 0 && requests.some((request) => isStanding(request) || request.erasedAt !== undefined))
    throw new OperatorRefused(
      'refused',
      'somebody is kept out, and the list of barriers has nobody: make it again first, npm run privacy -- relist',
    );

  async function setOthers(keyed: readonly string[], items: ReadonlyMap<string, OwnedItem>): Promise<void> {
    for (const each of keyed) {
      if (says(said(each)) === says(items.get(each)?.barrier)) continue;
      await barriers.set(each, said(each), () => false);
      counts.barriers += 1;
    }
  }

  /** Refuses again what was refused by requests: the table may be older than they are. */
  async function refuse(profile: Profile): Promise<void> {
    const refused = (one: Profile) => withRefusals(one, refusals, keyOf, (key) => said(key)?.erased);
    if (refused(profile) === profile) return;
    await changeProfile(profile.profileId, refused, deps);
    counts.optedOut += 1;
  }

  async function judge(profile: Profile): Promise<void> {
    const { profileId, suppressed = false } = profile;
    const ids = [profileId, ...profile.merged.keys()];
    const keyed = [...profile.identifiers.keys()].sort((a, b) => byPriority(a, b, config.identity)).map(keyOf);
    const isAsked = ids.some((id) => erasedIds.has(id));
    if (!isAsked && !suppressed && keyed.every((each) => said(each) === undefined)) return;
    const items = await barriers.owned(keyed);
    const [trusted = ''] = keyed;
    if (isAsked || isErased(said(trusted), items.get(trusted), ids)) {
      const request = { keys: [], profileIds: ids, erasedAt: deps.now() };
      if (ids.some((id) => telling.has(id))) await steps.depart(request);
      else await steps.remove(request, async () => {});
      counts.erased += 1;
      return;
    }
    await setOthers(keyed, items);
    const isSuppressed = said(trusted)?.suppressed === true;
    if (isSuppressed === suppressed) return;
    await markSuppressed(profileId, isSuppressed, deps);
    counts[isSuppressed ? 'suppressed' : 'lifted'] += 1;
  }

  for await (const profile of profiles())
    if (profile === undefined) unreadable += 1;
    else if (profile.collection === 'users') {
      await refuse(profile);
      await judge(profile);
    }
  if (unreadable > 0)
    throw new OperatorRefused(
      'refused',
      `${unreadable} profiles of the table cannot be read, so somebody erased may be among them`,
    );
  // After the profiles: an owner beside a barrier of now would look like somebody who came back after an erasure.
  for await (const page of live()) {
    const items = await barriers.owned(page.map(([keyed]) => keyed));
    for (const [keyed, barrier] of page) {
      const there = items.get(keyed);
      if (there !== undefined && says(there.barrier) === says(barrier)) continue;
      await barriers.set(keyed, barrier, () => false);
      counts.barriers += 1;
    }
  }
  return counts;
}

/** What stops events in a barrier. */
const says = ({ erased, suppressed }: Barrier = {}): string => barrierText({ erased, suppressed });

/**
 * Whether an identifier was erased, unless one of these profiles got it after that: then its item has both. The most
 * trusted identifier decides, as it does of an event.
 */
function isErased(said: Barrier | undefined, item: OwnedItem | undefined, ids: readonly ProfileId[]): boolean {
  if (said?.erased === undefined) return false;
  const { owner = '', barrier } = item ?? {};
  return !ids.includes(owner) || Date.parse(barrier?.erased ?? '1970') < Date.parse(said.erased);
}
