import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { copyKeptItems, hasOnlyKeptItems } from '../../../lambdas/adapters/dynamodb/kept-items.ts';
import { MemoryDynamoDb } from '../../fakes/memory-dynamodb.ts';

const barrier = '{"suppressed":true}';

it('copies barriers without their owners, and requests as they are, and nothing else', async () => {
  const db = new MemoryDynamoDb();
  const put = (Item: Record<string, unknown>) => db.client.send(new PutCommand({ TableName: 'live', Item }));
  await put({ pk: 'identifier#email#x', sk: 'owner', profileId: 'p1', messageId: 'm', barrier });
  await put({ pk: 'identifier#email#y', sk: 'owner', profileId: 'p2' });
  await put({ pk: 'request#', sk: 'r1', state: 'completed' });
  await put({ pk: 'profile#p1', sk: 'state', kind: 'profile' });
  expect(await copyKeptItems(db.client, 'live', 'made')).toBe(2);
  expect([...db.rows('made').values()]).toEqual([
    { pk: 'identifier#email#x', sk: 'owner', barrier },
    { pk: 'request#', sk: 'r1', state: 'completed' },
  ]);
  expect([await hasOnlyKeptItems(db.client, 'live'), await hasOnlyKeptItems(db.client, 'made')]).toEqual([false, true]);
  expect(await hasOnlyKeptItems(db.client, 'empty')).toBe(true);
});
