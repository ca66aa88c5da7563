import type { BarrierItems } from '../../adapters/dynamodb/barrier-items.ts';
import type { ErasedProfiles } from '../../adapters/dynamodb/erased-profiles.ts';
import type { IdentifierKey } from '../../adapters/dynamodb/identifier-key.ts';
import type { identityTable } from '../../adapters/dynamodb/identity-table.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import { stopOf } from '../../core/privacy/barrier.ts';
import { hoursOfDeliveries } from '../../core/privacy/longest-erasure.ts';
import type { About, StoredRequest } from '../../core/privacy/request.ts';
import type { ProfileId } from '../../core/profile/profile.ts';
import type { KeyedOwners } from './filed-by-source.ts';
import type { ListedBarriers } from './listed-barriers.ts';
import { markSuppressed, type SuppressionDeps } from './suppressed-profile.ts';

/** What erasing a person from the profile table needs. */
export interface ErasureDeps extends SuppressionDeps {
  readonly barriers: Pick<BarrierItems, 'erase' | 'read'>;
  readonly owners: KeyedOwners;
  /** Lists barriers for readers before and beside the table. */
  readonly listed: Pick<ListedBarriers, 'list'>;
  readonly erased: ErasedProfiles;
  readonly people: SuppressionDeps['people'] & Pick<ReturnType<typeof identityTable>, 'readMergedPerson' | 'readOwner'>;
  readonly keyOf: IdentifierKey;
}

/** Whom an erasure erases, and up to when. */
type Erased = About & Pick<StoredRequest, 'erasedAt'>;

/** How often it looks again for identifiers that batches under way linked. */
const maxRounds = 20;

const hour = 3_600_000;

/** Erases people from the profile table. Each call may be repeated, and ends the same. */
export function eraser(deps: ErasureDeps) {
  const { barriers, listed, erased, people, owners, keyOf, config, now } = deps;
  const destinations = config.destinations.map(({ id }) => id);

  const peopleAt = async (ids: Iterable<ProfileId>) =>
    (await Promise.all([...ids].map((profileId) => people.readMergedPerson({ profileId })))).flatMap(
      (person) => person ?? [],
    );

  /** Adds the profiles that some lead to, and all that merged into these. */
  async function addMerged(ids: Set<ProfileId>): Promise<void> {
    for (const { live } of await peopleAt(ids))
      for (const id of [live.profile.profileId, ...live.profile.merged.keys()]) ids.add(id);
  }

  const ownedBy = async (ids: ReadonlySet<ProfileId>) =>
    (await peopleAt(ids)).flatMap(({ links }) =>
      [...links].flatMap(([id, { profileId }]) => (ids.has(profileId) ? [keyOf(id)] : [])),
    );

  /**
   * Takes from profiles, and from those that they became one with, every identifier that they have, until no batch
   * under way links another.
   */
  async function takeIdentifiers({ keys, profileIds, erasedAt = now() }: Erased): Promise<About> {
    const ids = new Set(profileIds);
    const done = new Set<string>();
    await addMerged(ids);
    for (let round = 0, wanted = keys; round < maxRounds; round++) {
      for (const key of wanted) {
        await barriers.erase(key, erasedAt, (owner) => ids.has(owner));
        done.add(key);
      }
      await listed.list(wanted);
      // A batch that had read them before may have merged them into somebody else meanwhile.
      await addMerged(ids);
      wanted = [...new Set(await ownedBy(ids))];
      if (wanted.length === 0) return { keys: [...done].sort(), profileIds: [...ids].sort() };
    }
    throw new OperatorRefused('contended', 'this person gets new identifiers all the time; run the request again');
  }

  /**
   * Who got an identifier that nobody had when the request was filed. Who gets it after its barrier is set is
   * somebody new.
   */
  async function born({
    unowned = [],
    profileIds,
    erasedAt = now(),
    begunAt = erasedAt,
  }: StoredRequest): Promise<ProfileId[]> {
    const found = new Set<ProfileId>();
    for (const [key, { profileId }] of await owners(unowned))
      if (stopOf(await barriers.read(key), begunAt) !== 'erased') found.add(profileId);
    return [...found].filter((profileId) => !profileIds.includes(profileId));
  }

  return {
    born,

    /** Whether the person still has an identifier, by which events reach them. */
    async isReached(request: StoredRequest): Promise<boolean> {
      const ids = new Set([...request.profileIds, ...(await born(request))]);
      await addMerged(ids);
      return (await ownedBy(ids)).length > 0;
    },

    /**
     * Sets the barriers, so that nobody finds the profile by a name, and lets it exit its segments. Until a time, it
     * stays for destinations that are told so.
     */
    async depart(request: Erased): Promise<About & Pick<StoredRequest, 'deleteAfter'>> {
      const about = await takeIdentifiers(request);
      for (const profileId of about.profileIds) await markSuppressed(profileId, true, deps);
      const wait = destinations.length === 0 ? 0 : hoursOfDeliveries * hour;
      return { ...about, deleteAfter: new Date(Date.parse(now()) + wait).toISOString() };
    },

    /** How many names each destination still has, as far as is known, and how much there is to delete. */
    async count({ keys, profileIds }: StoredRequest): Promise<Pick<StoredRequest, 'untold' | 'found'>> {
      const { profiles, told } = await erased.held(destinations, { keys, profileIds });
      const untold = await erased.untold(destinations, profileIds);
      return { untold, found: { profiles, told, identifiers: keys.length } };
    },

    /**
     * Deletes the profiles, what merged into them, and what destinations were told of them, until it reads that nothing
     * is left: a delivery under way may note what it told. `note` gets whom it found before anything is deleted, because
     * a profile that is gone no longer leads to the one that it merged into.
     * @throws OperatorRefused when something always is
     */
    async remove(request: Erased, note: (about: About) => Promise<void>): Promise<void> {
      let about: About = request;
      let left = 0;
      for (let round = 0; round < maxRounds; round++) {
        about = await takeIdentifiers({ ...request, ...about });
        await note(about);
        await erased.forgetTold(destinations, about.profileIds);
        // The oldest, into which the others merged, goes last: whoever stops halfway finds the others by it.
        for (const profileId of about.profileIds.toReversed()) await erased.remove(profileId);
        const { profiles, identifiers, told } = await erased.held(destinations, about);
        left = profiles + identifiers + told;
        if (left === 0) return;
      }
      throw new OperatorRefused('contended', `${left} items of this person come back all the time; run it again`);
    },
  };
}
