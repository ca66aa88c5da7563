import { hash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  ScanCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { packItem, packingItems, unpackItem } from '../../../lambdas/adapters/dynamodb/packed-items.ts';
import { packingDictionary } from '../../../lambdas/core/table/packing-dictionary.ts';

const profile = {
  pk: 'profile#p1',
  sk: 'state',
  kind: 'profile',
  version: 3,
  profileId: 'p1',
  marks: 'aotv',
  traits: '[["a",1,0]]',
  firstSeen: 'x',
};
const owner = { pk: 'identifier#user_id#x', sk: 'owner', profileId: 'p1', at: 'now' };

describe('an item', () => {
  it('comes back as it was', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('profile', 'tombstone', 'other'),
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer())),
        (kind, fields) => {
          const item = { ...fields, packed: undefined, kind };
          expect(unpackItem(packItem(item))).toEqual({ ...fields, kind });
        },
      ),
    ));

  it('keeps in the open what the table, its stream and an operator read', () => {
    const { packed, ...open } = packItem({ ...profile, changes: '[]', log: '[]', expiresAt: 1, dueShard: 3, dueAt: 9 });
    expect(open).toEqual({
      pk: 'profile#p1',
      sk: 'state',
      kind: 'profile',
      version: 3,
      profileId: 'p1',
      changes: '[]',
      log: '[]',
      expiresAt: 1,
      dueShard: 3,
      dueAt: 9,
    });
    expect(
      JSON.parse(inflateRawSync(packed as Uint8Array, { dictionary: Buffer.from(packingDictionary) }).toString()),
    ).toEqual({
      marks: 'aotv',
      traits: '[["a",1,0]]',
      firstSeen: 'x',
    });
  });

  it('is packed with the dictionary that stored items were packed with', () =>
    expect(hash('sha256', packingDictionary, 'hex')).toBe(
      '0f7c5bf114b3751a2892827fae2f1d22fc8de0e95049642aa8c3b02af460c316',
    ));

  it('that is no profile stays as it is', () => expect(packItem(owner)).toBe(owner));
  it('that was never packed is read, too', () => expect(unpackItem(profile)).toEqual(profile));
});

/** A client that speaks DynamoDB's protocol to a table that answers with what it was told last. */
const wire: { sent: Record<string, unknown>[]; answer: object } = { sent: [], answer: {} };
const client = packingItems(
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      requestHandler: {
        handle: async ({ body }: { readonly body: Uint8Array }) => {
          wire.sent.push(JSON.parse(Buffer.from(body).toString('utf8')));
          const headers = { 'content-type': 'application/x-amz-json-1.0' };
          return {
            response: { statusCode: 200, headers, body: new Blob([JSON.stringify(wire.answer)]).stream() },
          } as never;
        },
      },
    }),
  ),
);
beforeEach(() => {
  wire.sent = [];
  wire.answer = {};
});

describe('on the wire', () => {
  it('a put carries the packed item, and its condition', async () => {
    await client.send(
      new PutCommand({
        TableName: 't',
        Item: profile,
        ConditionExpression: 'version = :v',
        ExpressionAttributeValues: { ':v': 2 },
      }),
    );
    expect(wire.sent[0]).toMatchObject({
      Item: { version: { N: '3' }, packed: { B: expect.any(String) } },
      ExpressionAttributeValues: { ':v': { N: '2' } },
    });
    expect(wire.sent[0]?.Item).not.toHaveProperty('traits');
  });

  it('a transaction packs each profile and leaves owners alone', async () => {
    await client.send(
      new TransactWriteCommand({
        TransactItems: [{ Put: { TableName: 't', Item: profile } }, { Put: { TableName: 't', Item: owner } }],
      }),
    );
    expect(wire.sent[0]?.TransactItems).toMatchObject([
      { Put: { Item: { packed: {} } } },
      { Put: { Item: { profileId: { S: 'p1' } } } },
    ]);
  });

  it('every way of reading gives it back', async () => {
    await client.send(new PutCommand({ TableName: 't', Item: profile }));
    const row = wire.sent[0]?.Item;
    wire.answer = { Item: row };
    expect((await client.send(new GetCommand({ TableName: 't', Key: {} }))).Item).toEqual(profile);
    wire.answer = { Items: [row] };
    expect((await client.send(new ScanCommand({ TableName: 't' }))).Items).toEqual([profile]);
    wire.answer = { Responses: { t: [row] } };
    expect((await client.send(new BatchGetCommand({ RequestItems: { t: { Keys: [{}] } } }))).Responses).toEqual({
      t: [profile],
    });
  });
});
