import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { Unread } from '../../../lambdas/adapters/dynamodb/batch-get.ts';
import { identifierKey } from '../../../lambdas/adapters/dynamodb/identifier-key.ts';
import { profileTable } from '../../../lambdas/adapters/dynamodb/profile-table.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import type { ProfileWrite } from '../../../lambdas/core/stitching/profile-write.ts';
import { toProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import { eventOf, minute } from '../../fixtures/events.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const client = mockClient(DynamoDBDocumentClient);
const keyOf = identifierKey('a secret');
const pauses: number[] = [];
const table = profileTable(
  DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' })),
  'people',
  keyOf,
  async (attempt) => {
    pauses.push(attempt);
  },
);
const profile: Profile = newProfile('p1', eventOf({}));
const writeOf = (fields: Partial<ProfileWrite> = {}): ProfileWrite => ({
  profile,
  version: 3,
  absorbed: [],
  claimed: [],
  released: [],
  taken: new Map(),
  changes: [],
  log: [],
  sightings: [],
  unkept: 0,
  ...fields,
});

beforeEach(() => {
  client.reset();
  pauses.length = 0;
});

/** Answers reads from rows by their pk, as the table would. */
const holding = (rows: Record<string, Record<string, unknown>>) =>
  client.on(BatchGetCommand).callsFake(({ RequestItems }) => ({
    Responses: {
      people: RequestItems.people.Keys.flatMap(({ pk }: { pk: string }) => (rows[pk] ? [{ pk, ...rows[pk] }] : [])),
    },
  }));

describe('reading', () => {
  it('finds the live owner of each identifier, through tombstones', async () => {
    holding({
      [`identifier#${keyOf('user_id:u')}`]: { profileId: 'p0' },
      [`identifier#${keyOf('anonymous_id:a')}`]: { profileId: 'p1' },
      'profile#p0': { kind: 'tombstone', profileId: 'p0', version: 2, mergedInto: 'p1' },
      'profile#p1': toProfileItem(profile, 7, { changes: [], log: [] }),
    });
    const snapshot = await table.load(['user_id:u', 'anonymous_id:a', 'anonymous_id:a', 'email:unknown@x.org']);
    expect([...snapshot].map(([id, { version, profile: found }]) => [id, version, found.profileId])).toEqual([
      ['user_id:u', 7, 'p1'],
      ['anonymous_id:a', 7, 'p1'],
    ]);
  });

  it('names no one in a key', async () => {
    holding({});
    await table.load(['email:ann@example.com']);
    expect(JSON.stringify(client.calls()[0]?.args[0].input)).not.toContain('ann');
  });

  it('asks 100 keys at a time and again for those left unread', async () => {
    let left = 2;
    client.on(BatchGetCommand).callsFake(({ RequestItems }) => {
      expect(RequestItems.people.Keys.length).toBeLessThanOrEqual(100);
      return left-- > 0
        ? { Responses: {}, UnprocessedKeys: { people: { Keys: RequestItems.people.Keys.slice(0, 1) } } }
        : { Responses: {} };
    });
    await table.load(Array.from({ length: 150 }, (_, n): Identifier => `user_id:${n}`));
    expect(client.calls()).toHaveLength(4);
    expect(pauses).toEqual([1, 1]);
  });

  it('gives up after bounded attempts', async () => {
    client.on(BatchGetCommand).callsFake(({ RequestItems }) => ({ UnprocessedKeys: RequestItems }));
    await expect(table.load(['user_id:u'])).rejects.toThrow(Unread);
    expect(client.calls()).toHaveLength(8);
  });
});

describe('writing', () => {
  it('puts a lone profile on condition of its version, without a transaction', async () => {
    client.on(PutCommand).resolves({});
    expect(await table.write(writeOf())).toEqual({ kind: 'written' });
    const [call] = client.commandCalls(PutCommand);
    expect(call?.args[0].input).toMatchObject({
      Item: { pk: 'profile#p1', sk: 'state', version: 4 },
      ConditionExpression: '#version = :expected',
      ExpressionAttributeValues: { ':expected': 3 },
    });
    expect(call?.args[0].input.Item).not.toHaveProperty('changes');
  });

  it('writes a merge whole: survivor, tombstone and claims in one transaction, in key order, each with its condition', async () => {
    client.on(TransactWriteCommand).resolves({});
    const lost = newProfile('p2', eventOf({}));
    const absorbed = [{ profile: lost, version: 5, shared: new Map() }];
    const cause = { profileId: 'p1', messageId: 'm1', timestamp: minute(1), at: minute(2) };
    const log = [
      { kind: 'link' as const, identifier: 'user_id:u' as const, ...cause },
      { kind: 'merge' as const, absorbed: 'p2', ...cause },
    ];
    await table.write(
      writeOf({ absorbed, claimed: ['user_id:u'], changes: [{ segment: 'vip', change: 'entered' }], log }),
    );
    const items =
      client.commandCalls(TransactWriteCommand)[0]?.args[0].input.TransactItems?.map(({ Put }) => Put) ?? [];
    expect(items.map((put) => [put?.Item?.pk, put?.ConditionExpression])).toEqual([
      [`identifier#${keyOf('user_id:u')}`, 'attribute_not_exists(#pk)'],
      ['profile#p1', '#version = :expected'],
      ['profile#p2', '#version = :expected'],
    ]);
    expect(items[1]?.Item?.changes).toBe('[{"segment":"vip","change":"entered"}]');
    expect(items[0]?.Item).toMatchObject({ profileId: 'p1', messageId: 'm1', at: minute(2) });
    expect(items[2]?.Item).toMatchObject({
      kind: 'tombstone',
      mergedInto: 'p1',
      version: 6,
      messageId: 'm1',
      at: minute(2),
    });
    expect(JSON.parse(String(items[1]?.Item?.log))).toEqual(log);
  });

  it('deletes what is released, and puts over what is given to another profile of the write, each key once', async () => {
    client.on(TransactWriteCommand).resolves({});
    await table.write(
      writeOf({ claimed: ['user_id:new', 'user_id:given'], released: ['user_id:given', 'user_id:gone'] }),
    );
    const items = client.commandCalls(TransactWriteCommand)[0]?.args[0].input.TransactItems ?? [];
    const about = (id: Identifier) =>
      items.filter(({ Put, Delete }) => (Put?.Item ?? Delete?.Key)?.pk === `identifier#${keyOf(id)}`);
    expect(about('user_id:new')).toMatchObject([{ Put: { ConditionExpression: 'attribute_not_exists(#pk)' } }]);
    expect(about('user_id:given')).toEqual([
      {
        Put: {
          TableName: 'people',
          Item: expect.objectContaining({ profileId: 'p1' }),
          ConditionExpression: 'attribute_not_exists(#barrier)',
          ExpressionAttributeNames: { '#barrier': 'barrier' },
        },
      },
    ]);
    expect(about('user_id:gone')).toMatchObject([{ Delete: {} }]);
    expect(items).toHaveLength(4);
  });

  const failure = (name: string, more: object = {}) =>
    Object.assign(new Error('Item size has exceeded the maximum'), { name, ...more });
  it.each([
    { error: failure('ConditionalCheckFailedException'), outcome: { kind: 'contended' } },
    { error: failure('ProvisionedThroughputExceededException'), outcome: { kind: 'contended' } },
    { error: failure('ThrottlingException'), outcome: { kind: 'contended' } },
    {
      error: failure('TransactionCanceledException', {
        CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
      }),
      outcome: { kind: 'contended' },
    },
    {
      error: failure('TransactionCanceledException', { CancellationReasons: [{ Code: 'TransactionConflict' }] }),
      outcome: { kind: 'contended' },
    },
    {
      error: failure('TransactionCanceledException', {
        CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
      }),
      outcome: { kind: 'refused', reason: 'ValidationError' },
    },
    {
      error: failure('ValidationException'),
      outcome: { kind: 'refused', reason: 'Item size has exceeded the maximum' },
    },
  ])('$error.name $error.CancellationReasons is $outcome.kind', async ({ error, outcome }) => {
    client.rejects(error);
    expect(await table.write(writeOf({ claimed: ['user_id:u'] }))).toEqual(outcome);
  });

  it('throws what is neither, such as a denied action', () => {
    client.rejects(failure('AccessDeniedException'));
    return expect(table.write(writeOf())).rejects.toThrow();
  });
});
