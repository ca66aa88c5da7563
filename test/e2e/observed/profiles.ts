import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { table } from '../../../lambdas/core/contract/storage.ts';
import { membershipsIn } from '../../../lambdas/core/table/membership-packing.ts';
import { packingDictionary } from '../../../lambdas/core/table/packing-dictionary.ts';
import { asOwner, stackOutput } from '../platform/deployment.ts';

/** An item of the profile table, unpacked. */
export type Item = Readonly<Record<string, unknown>>;

/** A live profile, read as its item documents. */
export interface StoredProfile {
  readonly profileId: string;
  readonly version: number;
  readonly eventCount: number;
  readonly mergeCount: number;
  /** Sorted. */
  readonly identifiers: readonly string[];
  readonly traits: Readonly<Record<string, unknown>>;
  /** Sorted. */
  readonly segments: readonly string[];
}

const client = DynamoDBDocumentClient.from(new DynamoDBClient(asOwner));

/** The live profile that owns an identifier, e.g. `user_id:ann`. @throws when there is not exactly one */
export async function profileOf(identifier: string, table?: string): Promise<StoredProfile> {
  const [found, ...more] = await liveProfiles(`["${identifier}"`, table);
  if (found === undefined || more.length > 0)
    throw new Error(`${identifier} is owned by ${more.length + (found ? 1 : 0)} live profiles, not by one`);
  return found;
}

/** Live profiles that own an identifier which begins so. */
export const profilesWith = (identifierStart: string): Promise<StoredProfile[]> => liveProfiles(`["${identifierStart}`);

async function liveProfiles(identifiersContain: string, table?: string): Promise<StoredProfile[]> {
  const filter = {
    FilterExpression: '#kind = :profile',
    ExpressionAttributeNames: { '#kind': 'kind' },
    ExpressionAttributeValues: { ':profile': 'profile' },
  };
  const profiles = await scan(table, filter);
  return profiles.filter(({ identifiers }) => String(identifiers).includes(identifiersContain)).map(read);
}

/** Every item of the table, by its key. */
export async function allItems(table?: string): Promise<Map<string, Item>> {
  return new Map((await scan(table)).map((item) => [`${item.pk} ${item.sk}`, item]));
}

/** Changes a profile's item as no event does, and leaves its version. */
export async function plant(profileId: string, change: (item: Item) => Item): Promise<void> {
  const item = (await allItems()).get(`profile#${profileId} state`);
  if (item === undefined) throw new Error(`there is no profile ${profileId}`);
  const changed = change(item);
  const plain = new Set(['pk', 'sk', 'kind', 'version', 'profileId', 'eventCount', 'dueShard', 'dueAt']);
  const [kept, rest] = [true, false].map((wanted) =>
    Object.fromEntries(Object.entries(changed).filter(([name]) => plain.has(name) === wanted)),
  );
  const packed = deflateRawSync(JSON.stringify(rest), { dictionary: Buffer.from(packingDictionary) });
  await client.send(
    new PutCommand({ TableName: stackOutput('profileTable'), Item: { ...kept, [table.packed]: packed } }),
  );
}

/** Deletes a profile's item and those of its identifiers. */
export async function forget(profileId: string): Promise<void> {
  const items = [...(await allItems()).values()].filter((item) => item.profileId === profileId);
  for (const { pk, sk } of items)
    await client.send(new DeleteCommand({ TableName: stackOutput('profileTable'), Key: { pk, sk } }));
}

async function scan(TableName = stackOutput('profileTable'), filter: object = {}): Promise<Item[]> {
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true, ...filter }))
    items.push(...Items.map(unpacked));
  return items;
}

/**
 * As the item documents: one attribute of a profile holds most of the others, as JSON in raw DEFLATE with a preset
 * dictionary.
 */
function unpacked({ [table.packed]: packed, ...item }: Item): Item {
  return packed instanceof Uint8Array
    ? {
        ...item,
        ...(JSON.parse(
          inflateRawSync(packed, { dictionary: Buffer.from(packingDictionary) }).toString('utf8'),
        ) as Item),
      }
    : item;
}

function read(item: Item): StoredProfile {
  const entries = (name: string): [string, unknown][] => JSON.parse(String(item[name] ?? '[]'));
  return {
    profileId: String(item.profileId),
    version: Number(item.version),
    eventCount: Number(item.eventCount),
    mergeCount: entries('merged').length,
    identifiers: entries('identifiers')
      .map(([id]) => id)
      .sort(),
    traits: Object.fromEntries(entries('traits')),
    segments: [...membershipsIn(item).keys()].sort(),
  };
}
