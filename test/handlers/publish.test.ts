import type { DynamoDBStreamEvent } from 'aws-lambda';
import { expect, it } from 'vitest';
import type { MembershipChange } from '../../lambdas/core/delivery.ts';
import { createHandler } from '../../lambdas/publish/handler.ts';

/** What the filtered stream of the profile table hands over, one record a write. */
const streamEvent = (...writes: [profileId: string, changes: object[]][]): DynamoDBStreamEvent => ({
  Records: writes.map(([profileId, changes], n) => ({
    eventID: `e${n}`,
    eventName: 'MODIFY',
    eventSource: 'aws:dynamodb',
    dynamodb: {
      SequenceNumber: `${n + 1}00`,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      NewImage: { kind: { S: 'profile' }, profileId: { S: profileId }, changes: { S: JSON.stringify(changes) } },
    },
  })),
});

const event = streamEvent(
  [
    'p1',
    [
      { segment: 'vip', change: 'entered' },
      { segment: 'lapsed', change: 'exited' },
    ],
  ],
  ['p2', [{ segment: 'vip', change: 'entered' }]],
);

it.each([
  { name: 'announces every change, in order', taken: 3, failures: [] },
  { name: 'goes back to the write whose second change was refused', taken: 1, failures: [{ itemIdentifier: '100' }] },
  { name: 'goes back to the first refused write', taken: 2, failures: [{ itemIdentifier: '200' }] },
])('$name', async ({ taken, failures }) => {
  const sent: MembershipChange[] = [];
  const handler = createHandler({
    send: async (changes) => {
      sent.push(...changes);
      return taken;
    },
  });
  expect(await handler(event)).toEqual({ batchItemFailures: failures });
  expect(sent).toEqual([
    { profileId: 'p1', segment: 'vip', change: 'entered' },
    { profileId: 'p1', segment: 'lapsed', change: 'exited' },
    { profileId: 'p2', segment: 'vip', change: 'entered' },
  ]);
});
