import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { packingItems } from '../../../lambdas/adapters/dynamodb/packed-items.ts';
import { output } from '../../../lambdas/core/contract/outputs.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { parseProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import { clientSettings } from '../../platform/aws.ts';
import type { PlatformOutputs } from '../../platform/platform.ts';
import { required } from '../../platform/stack-outputs.ts';
import { advertising } from './advertising.ts';
import { type Delivered, readDeliveries } from './deliveries.ts';
import { type RawZone, rawZoneReader } from './raw-zone.ts';

/** Content of the profile table. */
export interface StoredProfiles {
  readonly live: readonly Profile[];
  readonly tombstones: number;
}

/** The platform's stores, read with an operator's permissions. */
export interface Stores {
  profiles(): Promise<StoredProfiles>;
  /** Number of distinct messages that profiles have applied. */
  stitchedMessages(): Promise<number>;
  rawZone(): Promise<RawZone>;
  /** What the CRM was told. */
  deliveries(): Promise<readonly Delivered[]>;
  /** What the advertising tool was told. */
  advertised(): Promise<readonly Delivered[]>;
  close(): void;
}

/** Opens the stores of a running local platform. */
export function openStores({ emulatorUrl, lakeBucket, deliveriesUrl, stack }: PlatformOutputs): Stores {
  const client = packingItems(DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings(emulatorUrl))));
  const rawZone = rawZoneReader(emulatorUrl, lakeBucket);
  const TableName = required(stack, output.profileTable);

  async function scan(kinds: readonly string[], attributes?: readonly string[]): Promise<Record<string, unknown>[]> {
    const names = { '#kind': 'kind', ...Object.fromEntries((attributes ?? []).map((name) => [`#${name}`, name])) };
    const input = {
      TableName,
      FilterExpression: `#kind IN (${kinds.map((kind) => `:${kind}`).join(', ')})`,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: Object.fromEntries(kinds.map((kind) => [`:${kind}`, kind])),
      ...(attributes && { ProjectionExpression: attributes.map((name) => `#${name}`).join(', ') }),
    };
    const items: Record<string, unknown>[] = [];
    for await (const { Items = [] } of paginateScan({ client }, input)) items.push(...Items);
    return items;
  }

  return {
    profiles: async () => {
      const items = (await scan(['profile', 'tombstone'])).map(parseProfileItem);
      return {
        live: items.flatMap((item) => (item.kind === 'profile' ? [item.profile] : [])),
        tombstones: items.filter(({ kind }) => kind === 'tombstone').length,
      };
    },
    stitchedMessages: async () => {
      const items = await scan(['profile'], ['eventCount']);
      return items.reduce((sum, { eventCount }) => sum + Number(eventCount), 0);
    },
    rawZone: rawZone.read,
    deliveries: () => readDeliveries(deliveriesUrl, 'crm'),
    advertised: () => readDeliveries(deliveriesUrl, advertising.destination),
    close: () => {
      client.destroy();
      rawZone.close();
    },
  };
}
