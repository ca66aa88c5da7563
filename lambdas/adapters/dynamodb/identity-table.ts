import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type AddressedIdentifier, type ProfileAddress, usualCollection } from '../../core/apis/profile-address.ts';
import type { Identifier } from '../../core/identifiers/identifier.ts';
import type { Survivorship } from '../../core/lake/survivorship.ts';
import { type Explanation, explain, type Owner } from '../../core/operations/explain.ts';
import type { UnmergeWrite } from '../../core/operations/plan-unmerge.ts';
import type { MergedPerson } from '../../core/operations/unmerge-parts.ts';
import type { Barrier } from '../../core/privacy/barrier.ts';
import { ownerName } from '../../core/profile/owner-name.ts';
import type { Collection } from '../../core/profile/profile.ts';
import type { WriteOutcome } from '../../core/stitching/profile-write.ts';
import { liveAt, parseTombstone, toProfileItem } from '../../core/table/profile-item.ts';
import type { WaitBeforeAttempt } from '../streams/backoff.ts';
import { batchGet, type Row } from './batch-get.ts';
import { conditionalPut, type TransactItem, writeTogether } from './conditional-put.ts';
import type { IdentifierKey } from './identifier-key.ts';
import { ownerKey, partitionOf, stateKey } from './keys.ts';
import { barrierIn, ownerIn, ownerPut } from './owner-items.ts';
import { profileReader, profileTable } from './profile-table.ts';
import { classify } from './write-outcome.ts';

/** The profile table for operators: merges and their causes, and the write of an unmerge. */
export function identityTable(
  client: DynamoDBDocumentClient,
  tableName: string,
  identifierKey: IdentifierKey,
  pause: WaitBeforeAttempt,
) {
  const { readItems } = profileReader(client, tableName, pause);

  /** The owner of each identifier of people or accounts. */
  async function readOwners(
    collection: Collection,
    identifiers: Iterable<Identifier>,
  ): Promise<Map<Identifier, Owner>> {
    const keys = [...identifiers].map((id) => [ownerKey(identifierKey, ownerName(collection, id)), id] as const);
    const byKey = new Map(keys.map(([key, id]) => [partitionOf(key), id]));
    const rows = await batchGet(
      client,
      tableName,
      keys.map(([key]) => key),
      pause,
    );
    const owned = rows.filter((row) => ownerIn(row) !== undefined);
    return new Map(owned.map((row) => [byKey.get(partitionOf(row)) as Identifier, linkIn(row)]));
  }

  async function readOwner({
    identifier,
    collection = usualCollection(identifier),
  }: AddressedIdentifier): Promise<Owner | undefined> {
    return (await readOwners(collection, [identifier])).get(identifier);
  }

  /** The barrier of the identifier that an unmerge gives to somebody else. */
  async function readBarrierOf({ given, parted }: UnmergeWrite): Promise<Barrier | undefined> {
    if (given === undefined) return undefined;
    const key = ownerKey(identifierKey, ownerName(parted.profile.collection, given.identifier));
    const [row] = await batchGet(client, tableName, [key], pause);
    return row && barrierIn(row);
  }

  /** The live profile at an address. */
  async function readLive(address: ProfileAddress): Promise<MergedPerson['live'] | undefined> {
    const start = 'profileId' in address ? address.profileId : (await readOwner(address))?.profileId;
    return start === undefined ? undefined : liveAt(start, await readItems([start]));
  }

  /** The live profile at an address, and all profiles merged into it. */
  async function readMergedPerson(
    address: ProfileAddress,
  ): Promise<(MergedPerson & { readonly links: ReadonlyMap<Identifier, Owner> }) | undefined> {
    const live = await readLive(address);
    if (live === undefined) return undefined;
    const rows = await batchGet(client, tableName, [...live.profile.merged.keys()].map(stateKey), pause);
    const tombstones = rows.flatMap((row) => parseTombstone(row) ?? []);
    const links = await readOwners(live.profile.collection, live.profile.identifiers.keys());
    const owners = new Map([...links].map(([id, { profileId }]) => [id, profileId]));
    return { live, tombstones: new Map(tombstones.map((each) => [each.profile.profileId, each])), owners, links };
  }

  return {
    readLive,
    readAccounts: profileTable(client, tableName, identifierKey, pause).readAccounts,
    readMergedPerson,
    readOwner,
    /** Explains the identity of the profile at an address. */
    explain: async (address: ProfileAddress, survivorship?: Survivorship): Promise<Explanation | undefined> => {
      const person = await readMergedPerson(address);
      return person && explain(person, person.links, survivorship);
    },
    /** Writes all or nothing, and only if no item has changed since it was read. */
    unmerge: async (write: UnmergeWrite): Promise<WriteOutcome> => {
      try {
        await writeTogether(client, putsOf(write, { tableName, identifierKey, barrier: await readBarrierOf(write) }));
        return { kind: 'written' };
      } catch (error) {
        return classify(error);
      }
    },
  };
}

const linkIn = ({ profileId, messageId, at, founds, releasedBy }: Row): Owner => ({
  profileId: String(profileId),
  messageId: messageId === undefined ? undefined : String(messageId),
  at: at === undefined ? undefined : String(at),
  founds: founds === true,
  ...(releasedBy !== undefined && { releasedBy: String(releasedBy) }),
});

/** Where an unmerge is written, and the barrier that the given identifier keeps. */
interface PutPlace {
  readonly tableName: string;
  readonly identifierKey: IdentifierKey;
  readonly barrier: Barrier | undefined;
}

function putsOf(
  { left, parted, given }: UnmergeWrite,
  { tableName, identifierKey, barrier }: PutPlace,
): TransactItem[] {
  const states = [left, parted].map((each) => {
    const item = toProfileItem(each.profile, (each.version ?? 0) + 1, each);
    return conditionalPut(tableName, { ...stateKey(each.profile.profileId), ...item }, each.version);
  });
  if (!given) return states;
  const { collection, profileId } = parted.profile;
  const cause = parted.log.map(({ messageId, at }) => ({ messageId, at }))[0];
  const at = ownerKey(identifierKey, ownerName(collection, given.identifier));
  return [...states, ownerPut(tableName, { ...at, profileId, ...cause }, given.from, barrier)];
}
