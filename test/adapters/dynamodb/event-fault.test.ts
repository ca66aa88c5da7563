import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, it } from 'vitest';
import { identifierKey } from '../../../lambdas/adapters/dynamodb/identifier-key.ts';
import { packItem, packingItems } from '../../../lambdas/adapters/dynamodb/packed-items.ts';
import { profileTable } from '../../../lambdas/adapters/dynamodb/profile-table.ts';
import { EventFault } from '../../../lambdas/core/events/event-fault.ts';
import { newProfile } from '../../../lambdas/core/profile/profile.ts';
import { toProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import { kinesisEvent, recordOf } from '../../fakes/kinesis.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';
import { stitchInMemory } from '../../fixtures/in-memory/stitch.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const client = mockClient(documents);
const keyOf = identifierKey('a secret');
const table = profileTable(packingItems(documents), 'people', keyOf, async () => {});
const profile = {
  ...newProfile('p1', eventOf({})),
  identifiers: new Map([['user_id:u1', { first: '', last: '', linked: '' }]]),
};
const written = toProfileItem({ ...newProfile('p1', eventOf({})) }, 7, { changes: [], log: [] });

beforeEach(() => client.reset());

/** Answers reads from rows by their pk, as the table would. */
const holding = (item: Record<string, unknown>) => {
  const rows: Record<string, Record<string, unknown>> = {
    [`identifier#${keyOf('user_id:u1')}`]: { profileId: 'p1' },
    'profile#p1': item,
  };
  client.on(BatchGetCommand).callsFake(({ RequestItems }) => ({
    Responses: {
      people: RequestItems.people.Keys.flatMap(({ pk }: { pk: string }) => (rows[pk] ? [{ pk, ...rows[pk] }] : [])),
    },
  }));
};

const unreadable = [
  { name: 'whose lists are no JSON', item: { ...written, traits: '[["name","Ann' } },
  { name: 'that is of no kind', item: { ...written, kind: 'person' } },
  { name: 'that lacks what each has', item: { ...written, createdAt: undefined } },
  { name: 'with a time that is none', item: { ...written, segments: '[["vip","!"]]' } },
  { name: 'whose packed part is damaged', item: { ...packItem(written), packed: new Uint8Array([1, 2, 3]) } },
];

it.each(unreadable)('a stored profile $name is a fault of whoever names it', async ({ item }) => {
  holding(item);
  await expect(table.load(['user_id:u1'])).rejects.toThrow(EventFault);
});

it.each(unreadable)('and costs a batch no event but theirs: $name', async ({ item }) => {
  holding(item);
  const memory = new MemoryTable();
  const { handler, quarantined } = stitchInMemory(memory, {
    config: configOf(),
    load: async (ids) => new Map([...(await memory.load(ids)), ...(await table.load(ids))]),
  });
  const events = ['u2', 'u1', 'u3', 'u1'].map((userId) => eventOf({ userId }));
  expect(await handler(kinesisEvent([recordOf(events)]))).toEqual({ batchItemFailures: [] });
  expect(memory.live().map(({ eventCount }) => eventCount)).toEqual([1, 1]);
  expect(quarantined.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^could not be applied: /),
    expect.stringMatching(/^could not/),
  ]);
  expect(quarantined.map(({ event }) => JSON.parse(event as string).userId)).toEqual(['u1', 'u1']);
});

it('a read that fails is no fault of an event', async () => {
  client.on(BatchGetCommand).rejects(new Error('ECONNRESET'));
  await expect(table.load(['user_id:u1'])).rejects.toThrow('ECONNRESET');
});

it('a profile that cannot be packed is refused, with what was thrown', async () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const traits = new Map([['name', { value: circular, timestamp: profile.createdAt, messageId: 'm', sourceId: 's' }]]);
  const write = {
    profile: { ...profile, traits },
    version: 1,
    absorbed: [],
    claimed: [],
    released: [],
    changes: [],
    log: [],
    sightings: [],
  };
  expect(await table.write(write as never)).toMatchObject({ kind: 'refused', cause: expect.any(Error) });
});
