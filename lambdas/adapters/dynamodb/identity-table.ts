import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { type AddressedIdentifier, type ProfileAddress, usualCollection } from '../../core/apis/profile-address.ts';
import { table } from '../../core/contract/storage.ts';
import type { Identifier } from '../../core/identifiers/identifier.ts';
import { type Explanation, explain, type Owner } from '../../core/operations/explain.ts';
import type { UnmergeWrite } from '../../core/operations/plan-unmerge.ts';
import type { Whole } from '../../core/operations/unmerge-parts.ts';
import { ownerName } from '../../core/profile/owner-name.ts';
import type { Collection, ProfileId } from '../../core/profile/profile.ts';
import type { WriteOutcome } from '../../core/stitching/plan.ts';
import { liveAt, parseLost, toProfileItem } from '../../core/table/profile-item.ts';
import type { Pause } from '../streams/backoff.ts';
import { batchGet, type Row } from './batch-get.ts';
import type { IdentifierKey } from './identifier-key.ts';
import { profileReader, stateKey } from './profile-table.ts';
import { classify } from './write-outcome.ts';

type Put = NonNullable<NonNullable<TransactWriteCommandInput['TransactItems']>[number]['Put']>;

/** The profile table as an operator needs it: who was merged into whom and why, and the write that parts them. */
export function identityTable(
  client: DynamoDBDocumentClient,
  tableName: string,
  identifierKey: IdentifierKey,
  pause: Pause,
) {
  const ownerKey = (collection: Collection, id: Identifier): Row => ({
    [table.partitionKey]: `identifier#${identifierKey(ownerName(collection, id))}`,
    [table.sortKey]: 'owner',
  });
  const { readItems } = profileReader(client, tableName, pause);

  /** To whom each identifier of people, or of accounts, was given. */
  async function readOwners(
    collection: Collection,
    identifiers: Iterable<Identifier>,
  ): Promise<Map<Identifier, Owner>> {
    const keys = [...identifiers].map((id) => [ownerKey(collection, id), id] as const);
    const byKey = new Map(keys.map(([key, id]) => [key[table.partitionKey], id]));
    const rows = await batchGet(
      client,
      tableName,
      keys.map(([key]) => key),
      pause,
    );
    return new Map(rows.map((row) => [byKey.get(row[table.partitionKey]) as Identifier, ownerIn(row)]));
  }

  async function readOwner({
    identifier,
    collection = usualCollection(identifier),
  }: AddressedIdentifier): Promise<Owner | undefined> {
    return (await readOwners(collection, [identifier])).get(identifier);
  }

  /** The live profile at an address, and all that was merged into it. */
  async function readWhole(
    address: ProfileAddress,
  ): Promise<(Whole & { readonly links: ReadonlyMap<Identifier, Owner> }) | undefined> {
    const start = 'profileId' in address ? address.profileId : (await readOwner(address))?.profileId;
    const live = start === undefined ? undefined : liveAt(start, await readItems([start]));
    if (live === undefined) return undefined;
    const rows = await batchGet(client, tableName, [...live.profile.merged.keys()].map(stateKey), pause);
    const lost = rows.flatMap((row) => parseLost(row) ?? []);
    const links = await readOwners(live.profile.collection, live.profile.identifiers.keys());
    const owners = new Map([...links].map(([id, { profileId }]) => [id, profileId]));
    return { live, lost: new Map(lost.map((each) => [each.profile.profileId, each])), owners, links };
  }

  return {
    readWhole,
    readOwner,
    /** Why the profile at an address is whom it is. */
    explain: async (address: ProfileAddress): Promise<Explanation | undefined> => {
      const whole = await readWhole(address);
      return whole && explain(whole, whole.links);
    },
    /** Writes all of it or nothing, and only if nobody wrote to any of it since it was read. */
    unmerge: async (write: UnmergeWrite): Promise<WriteOutcome> => {
      try {
        await client.send(
          new TransactWriteCommand({ TransactItems: putsOf(write, tableName, ownerKey).map((Put) => ({ Put })) }),
        );
        return { kind: 'written' };
      } catch (error) {
        return classify(error);
      }
    },
  };
}

const ownerIn = ({ profileId, messageId, at, founds }: Row): Owner => ({
  profileId: String(profileId),
  messageId: messageId === undefined ? undefined : String(messageId),
  at: at === undefined ? undefined : String(at),
  founds: founds === true,
});

function putsOf(
  { left, parted, given }: UnmergeWrite,
  TableName: string,
  ownerKey: (collection: Collection, id: Identifier) => Row,
): Put[] {
  const put = (at: Row, attributes: Row, name: string, expected: unknown): Put => ({
    TableName,
    Item: { ...at, ...attributes },
    ...(expected === undefined
      ? {
          ConditionExpression: 'attribute_not_exists(#name)',
          ExpressionAttributeNames: { '#name': table.partitionKey },
        }
      : {
          ConditionExpression: '#name = :expected',
          ExpressionAttributeNames: { '#name': name },
          ExpressionAttributeValues: { ':expected': expected },
        }),
  });
  const state = (profileId: ProfileId, attributes: Row, version: number | undefined) =>
    put(stateKey(profileId), attributes, 'version', version);
  const cause = parted.log.map(({ messageId, at }) => ({ messageId, at }))[0];
  return [
    ...[left, parted].map((each) =>
      state(each.profile.profileId, toProfileItem(each.profile, (each.version ?? 0) + 1, each), each.version),
    ),
    ...(given
      ? [
          put(
            ownerKey(parted.profile.collection, given.identifier),
            { profileId: parted.profile.profileId, ...cause },
            'profileId',
            given.from,
          ),
        ]
      : []),
  ].sort((a, b) => (String(a.Item?.[table.partitionKey]) < String(b.Item?.[table.partitionKey]) ? -1 : 1));
}
