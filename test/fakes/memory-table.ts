import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { barrierItems } from '../../lambdas/adapters/dynamodb/barrier-items.ts';
import { deliveryMemory } from '../../lambdas/adapters/dynamodb/delivery-memory.ts';
import { dueProfiles } from '../../lambdas/adapters/dynamodb/due-index.ts';
import { erasedProfiles } from '../../lambdas/adapters/dynamodb/erased-profiles.ts';
import { identityTable } from '../../lambdas/adapters/dynamodb/identity-table.ts';
import { keyedOwners } from '../../lambdas/adapters/dynamodb/keyed-owners.ts';
import { ownerKey } from '../../lambdas/adapters/dynamodb/keys.ts';
import { memberTable } from '../../lambdas/adapters/dynamodb/members.ts';
import { barrierIn } from '../../lambdas/adapters/dynamodb/owner-items.ts';
import type { OwnerMemory } from '../../lambdas/adapters/dynamodb/owner-memory.ts';
import { unpackItem } from '../../lambdas/adapters/dynamodb/packed-items.ts';
import { profileReader, profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import { requestItems } from '../../lambdas/adapters/dynamodb/request-items.ts';
import { sourceRequests } from '../../lambdas/adapters/dynamodb/source-requests.ts';
import type { ProfileAddress } from '../../lambdas/core/apis/profile-address.ts';
import type { UnmergeWrite } from '../../lambdas/core/operations/plan-unmerge.ts';
import type { Barrier } from '../../lambdas/core/privacy/barrier.ts';
import { Deadlines } from '../../lambdas/core/privacy/deadlines.ts';
import type { OwnerName } from '../../lambdas/core/profile/owner-name.ts';
import type { AccountOf, Profile, ProfileId } from '../../lambdas/core/profile/profile.ts';
import type { AggregateRegistry } from '../../lambdas/core/segments/history/registry.ts';
import type { Definitions } from '../../lambdas/core/segments/program/compile.ts';
import type { Snapshot } from '../../lambdas/core/stitching/batch/snapshot.ts';
import type { ProfileWrite, WriteOutcome } from '../../lambdas/core/stitching/profile-write.ts';
import type { ReleaseWrite } from '../../lambdas/core/stitching/release.ts';
import {
  type ProfileItem,
  parseProfileItem,
  parseTombstone,
  type Tombstone,
} from '../../lambdas/core/table/profile-item.ts';
import type { Item } from './condition-expression.ts';
import { MemoryDynamoDb } from './memory-dynamodb.ts';
import type { Change } from './memory-store.ts';

const tableName = 'profiles';
const atOnce = async (): Promise<void> => {};

/**
 * The profile table over DynamoDB in memory, with what it holds at hand; an identifier is a key as it is, so that tests
 * can read it.
 */
export class MemoryTable {
  readonly items = new Map<ProfileId, ProfileItem>();
  readonly tombstones = new Map<ProfileId, Item>();
  readonly owners = new Map<OwnerName, ProfileId>();
  readonly barriers = new Map<OwnerName, Barrier>();
  /** Keys of the items by which accounts find people. */
  readonly members = new Set<string>();
  writes = 0;
  /** Identifiers' items and profiles that were read. */
  readonly reads = { owners: 0, profiles: 0 };
  private readonly client = new MemoryDynamoDb(
    { read: (_, item) => this.noteRead(item), write: () => {}, call: () => {} },
    (changes) => changes.forEach(this.note, this),
  ).client;
  private readonly profiles = profileTable(this.client, tableName, String, atOnce);
  private readonly reader = profileReader(this.client, tableName, atOnce);
  private readonly identities = identityTable(this.client, tableName, String, atOnce);

  load = (names: Iterable<OwnerName>): Promise<Snapshot> => this.profiles.load(names);

  /** The table of a worker that remembers owners, and what it writes. */
  remembering = (memory: OwnerMemory) => {
    const { load, write, release } = this.profiles.remembering(memory);
    return {
      load,
      write: (planned: ProfileWrite) => this.counted(write(planned)),
      release: (planned: ReleaseWrite) => this.counted(release(planned)),
    };
  };

  loadAt = (profileId: ProfileId) => this.profiles.loadAt(profileId);

  /** All aggregates count since the first event. */
  registry = async (): Promise<AggregateRegistry | undefined> => undefined;

  find = (profileId: ProfileId): Promise<Profile | undefined> => this.reader.find(profileId);

  write = (write: ProfileWrite): Promise<WriteOutcome> => this.counted(this.profiles.write(write));

  private async counted(write: Promise<WriteOutcome>): Promise<WriteOutcome> {
    const outcome = await write;
    if (outcome.kind === 'written') this.writes += 1;
    return outcome;
  }

  release = (release: ReleaseWrite): Promise<WriteOutcome> => this.counted(this.profiles.release(release));

  readAccounts = (people: Iterable<Profile>, definitions: Definitions): Promise<AccountOf> =>
    this.profiles.readAccounts(people, definitions);

  /** What tend asks of the table. */
  forTend = () => ({
    ...dueProfiles(this.client, tableName, atOnce),
    members: memberTable(this.client, tableName, String, atOnce),
    readAccounts: this.readAccounts,
    write: this.write,
  });

  /** Barriers of identifiers, which are their own keys here. */
  forPrivacy = () => barrierItems(this.client, tableName, atOnce);

  /** What privacy officers ask of the table. */
  forOfficers = () => ({
    requests: requestItems(this.client, tableName, atOnce),
    barriers: this.forPrivacy(),
    people: this.identities,
    owners: keyedOwners(this.client, tableName, atOnce),
    erased: erasedProfiles(this.client, tableName, String, atOnce),
    keyOf: String,
  });

  /** What imports file in the table. */
  forImports = () => sourceRequests(this.client, tableName, String, Deadlines.parse({}));

  /** What a destination was told, as its function records it. */
  toldTo = (destination: string, now: () => number) =>
    deliveryMemory({ client: this.client, tableName, destination, pause: atOnce, now });

  /** What operators ask of the table. */
  forOperators = () => this.identities;

  readLive = (address: ProfileAddress) => this.identities.readLive(address);

  unmerge = (write: UnmergeWrite): Promise<WriteOutcome> => this.identities.unmerge(write);

  /** Gives an identifier to a profile, as nobody asked for. */
  give = (name: OwnerName, profileId: ProfileId) =>
    this.client.send(new PutCommand({ TableName: tableName, Item: { ...ownerKey(String, name), profileId } }));

  /** What the profiles merged into a live one keep. */
  tombstonesIn = ({ merged }: Profile): Map<ProfileId, Tombstone> =>
    new Map(
      [...merged.keys()].flatMap((id) => {
        const tombstone = parseTombstone(this.tombstones.get(id));
        return tombstone ? [[id, tombstone]] : [];
      }),
    );

  live = (): Profile[] => [...this.items.values()].flatMap((item) => (item.kind === 'profile' ? [item.profile] : []));

  private noteRead(item: Item | undefined): void {
    if (item?.sk === 'owner') this.reads.owners += 1;
    if (item?.sk === 'state') this.reads.profiles += 1;
  }

  private note({ key, after }: Change): void {
    const [partition = '', sort] = partsOf(key);
    if (sort === 'owner') this.noteOwner(partition.slice('identifier#'.length) as OwnerName, after);
    else if (sort === 'state' && after !== undefined) this.noteState(unpackItem(after));
    else if (sort === 'state') this.noteGone(partition.slice('profile#'.length));
    else if (sort?.startsWith('member#') && after === undefined) this.members.delete(key);
    else if (sort?.startsWith('member#')) this.members.add(key);
  }

  private noteOwner(name: OwnerName, item: Item | undefined): void {
    const barrier = item && barrierIn(item);
    if (barrier === undefined) this.barriers.delete(name);
    else this.barriers.set(name, barrier);
    if (item?.profileId === undefined) this.owners.delete(name);
    else this.owners.set(name, String(item.profileId));
  }

  private noteGone(id: ProfileId): void {
    this.items.delete(id);
    this.tombstones.delete(id);
  }

  private noteState(row: Item): void {
    const item = parseProfileItem(row);
    const id = item.kind === 'profile' ? item.profile.profileId : item.profileId;
    this.items.set(id, item);
    if (item.kind === 'tombstone') this.tombstones.set(id, row);
    else this.tombstones.delete(id);
  }
}

/** A key's two parts; the first of them may hold spaces. */
const partsOf = (key: string): string[] => [key.slice(0, key.lastIndexOf(' ')), key.slice(key.lastIndexOf(' ') + 1)];
