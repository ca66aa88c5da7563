import type { BarrierItems } from '../../adapters/dynamodb/barrier-items.ts';
import type { IdentifierKey } from '../../adapters/dynamodb/identifier-key.ts';
import type { identityTable } from '../../adapters/dynamodb/identity-table.ts';
import type { RequestItems } from '../../adapters/dynamodb/request-items.ts';
import { liftedEnds, suppressedEnds } from '../../core/privacy/done-ends.ts';
import type { StoreEnd } from '../../core/privacy/next-receipt.ts';
import { type About, isStanding, planLifting, type StoredRequest } from '../../core/privacy/request.ts';
import type { KeyedOwners } from './filed-by-source.ts';
import type { ListedBarriers } from './listed-barriers.ts';
import { identifiersOf } from './person.ts';
import { storedRequests } from './stored-requests.ts';
import { markSuppressed, type SuppressionDeps } from './suppressed-profile.ts';

/** What suppressing people, and lifting that, needs. */
export interface SuppressDeps extends SuppressionDeps {
  readonly requests: RequestItems;
  readonly barriers: Pick<BarrierItems, 'suppress' | 'lift'>;
  readonly listed: Pick<ListedBarriers, 'list'>;
  readonly owners: KeyedOwners;
  readonly people: SuppressionDeps['people'] & Pick<ReturnType<typeof identityTable>, 'readMergedPerson'>;
  readonly keyOf: IdentifierKey;
}

/** Whom it was about in the end, and what became of the stores. */
export interface Done extends About {
  readonly ends: readonly StoreEnd[];
}

/** Suppresses people, and lifts that. Each call may be repeated, and ends the same. */
export function suppressor(deps: SuppressDeps) {
  const { requests, barriers, listed, people, owners, keyOf } = deps;
  const { find, put, all } = storedRequests(requests);

  async function keysOf(profileIds: Iterable<string>): Promise<string[]> {
    const found = await Promise.all([...profileIds].map((profileId) => people.readMergedPerson({ profileId })));
    return found.flatMap((person) => (person === undefined ? [] : identifiersOf(person).map(keyOf)));
  }

  return {
    /**
     * Suppresses a whole person. A batch under way, which read no barrier, may have linked more, so it looks again
     * after each round; once a profile is marked, such a batch fails and reads again.
     */
    async suppress({ keys, profileIds, unowned = [] }: StoredRequest): Promise<Done> {
      const ids = new Set(profileIds);
      const done = new Set<string>();
      for (let wanted = keys; wanted.length > 0; wanted = (await keysOf(ids)).filter((key) => !done.has(key))) {
        for (const key of wanted) {
          await barriers.suppress(key);
          done.add(key);
        }
        await listed.list(wanted);
        // Nobody can get one any more, but somebody may have since the request was filed.
        for (const { profileId } of (await owners(unowned)).values()) ids.add(profileId);
        for (const profileId of ids) await markSuppressed(profileId, true, deps);
      }
      const about = { keys: [...done].sort(), profileIds: [...ids].sort() };
      return { ...about, ends: suppressedEnds(about) };
    },

    /** Ends standing suppressions: first the barriers, then each request says so. */
    async lift(lifting: StoredRequest): Promise<Done> {
      const { lifted, keys, profileIds } = planLifting(lifting, await all());
      for (const key of keys) await barriers.lift(key);
      await listed.list(keys);
      for (const profileId of profileIds) await markSuppressed(profileId, false, deps);
      for (const { requestId } of lifted) {
        const { request, version } = await find(requestId);
        if (isStanding(request)) await put({ request: { ...request, liftedBy: lifting.requestId }, version });
      }
      // Also those that an earlier run of this request lifted, before it died.
      const ended = (await all()).filter(({ liftedBy }) => liftedBy === lifting.requestId).length;
      return { keys: lifting.keys, profileIds: lifting.profileIds, ends: liftedEnds(ended) };
    },
  };
}
