import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { deliveryPrefix, table as names } from '../../../lambdas/core/contract/storage.ts';
import { eventually } from '../observed/eventually.ts';
import { heardBy } from '../observed/received.ts';
import { asOwner, stackOutput, unique } from '../platform/deployment.ts';
import { mappingOf } from './delivering.ts';
import { inQueue, send } from './people.ts';

const minute = 60_000;
const key = { [names.partitionKey]: `${deliveryPrefix}resting`, [names.sortKey]: 'breaker' };
const table = DynamoDBDocumentClient.from(new DynamoDBClient(asOwner));

/** Leaves the destination's breaker as many failures in a row, or none, do. */
async function leaveBreaker(breaker: object, version: number): Promise<void> {
  const Item = { ...key, ...breaker, version };
  await table.send(new PutCommand({ TableName: stackOutput('profileTable'), Item }));
}

const untilPolls = (state: 'Enabled' | 'Disabled') =>
  eventually(async () => expect((await mappingOf('resting'))?.State).toBe(state), { within: 3 * minute });

it('a queue rests while its breaker is open for long, loses nothing, and is told once when it works again', async () => {
  const userId = unique('rests');
  await leaveBreaker({ recent: 'x'.repeat(30), openings: 5, openUntil: Date.now() + 15 * minute }, 1);
  await untilPolls('Disabled');
  await send(userId, 'resting');
  await eventually(async () => expect(await inQueue('resting')).toBe(1));
  expect(await heardBy('resting', userId)).toEqual([]);
  await leaveBreaker({ recent: '', openings: 0 }, 2);
  await untilPolls('Enabled');
  await eventually(async () => expect(await inQueue('resting')).toBe(0), { within: minute });
  expect((await heardBy('resting', userId)).map(({ told }) => told.event)).toEqual(['Audience Entered']);
}, 420_000);
