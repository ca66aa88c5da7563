import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { personMark } from '../../../lambdas/adapters/dynamodb/person-mark.ts';
import { MemoryDynamoDb } from '../../fakes/memory-dynamodb.ts';

const placeIn = (dynamo: MemoryDynamoDb, destination = 'crm') => ({
  client: dynamo.client,
  tableName: 'profiles',
  destination,
  pause: async () => {},
  now: () => 0,
});

it('marks the same name alike in every process, and another one otherwise', async () => {
  const dynamo = new MemoryDynamoDb();
  const one = await personMark(placeIn(dynamo))();
  const other = await personMark(placeIn(dynamo))();
  expect(one('profile:p1')).toMatch(/^[\w-]{16}$/);
  expect(other('profile:p1')).toBe(one('profile:p1'));
  expect(one('profile:p2')).not.toBe(one('profile:p1'));
});

it('marks a name in another way for each destination', async () => {
  const dynamo = new MemoryDynamoDb();
  const crm = await personMark(placeIn(dynamo))();
  const ads = await personMark(placeIn(dynamo, 'ads'))();
  expect(ads('profile:p1')).not.toBe(crm('profile:p1'));
});

it('has one key, whoever makes it first', async () => {
  const dynamo = new MemoryDynamoDb();
  const marks = await Promise.all(Array.from({ length: 5 }, () => personMark(placeIn(dynamo))()));
  expect(new Set(marks.map((mark) => mark('profile:p1'))).size).toBe(1);
});

it('reads the key once for a process', async () => {
  const dynamo = new MemoryDynamoDb();
  let calls = 0;
  const send = (command: object) => {
    calls += 1;
    return dynamo.client.send(command as never);
  };
  const marking = personMark({ ...placeIn(dynamo), client: { send } as unknown as typeof dynamo.client });
  await marking();
  const first = calls;
  await marking();
  expect([first > 0, calls]).toEqual([true, first]);
});

it('marks nobody while the table throttles, because a key that nobody stored would be no other process’s', async () => {
  const dynamo = new MemoryDynamoDb();
  let isThrottled = true;
  const send = async (command: object) => {
    if (isThrottled && command instanceof PutCommand)
      throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    return dynamo.client.send(command as never);
  };
  const marking = personMark({ ...placeIn(dynamo), client: { send } as unknown as typeof dynamo.client });
  await expect(marking()).rejects.toThrow('slow down');
  isThrottled = false;
  const [mark, other] = [await marking(), await personMark(placeIn(dynamo))()];
  expect(mark('profile:p1')).toBe(other('profile:p1'));
});
