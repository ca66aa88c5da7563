import type { DynamoDBStreamEvent } from 'aws-lambda';
import { expect, it } from 'vitest';
import type { MembershipChange } from '../../lambdas/core/delivery.ts';
import { createHandler } from '../../lambdas/publish/handler.ts';

/** What the filtered stream of the profile table hands over, one record a write. */
const streamEvent = (...writes: [profileId: string, changes: object[], log?: object[]][]): DynamoDBStreamEvent => ({
  Records: writes.map(([profileId, changes, log], n) => ({
    eventID: `e${n}`,
    eventName: 'MODIFY',
    eventSource: 'aws:dynamodb',
    dynamodb: {
      SequenceNumber: `${n + 1}00`,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      NewImage: {
        kind: { S: 'profile' },
        profileId: { S: profileId },
        changes: { S: JSON.stringify(changes) },
        ...(log && { log: { S: JSON.stringify(log) } }),
      },
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
    append: async () => ({ ok: true }),
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

it('appends what was decided about identity before it announces anything, and goes back where it could not', async () => {
  const done: string[] = [];
  const take = (ok: boolean) =>
    createHandler({
      append: async (records) => {
        done.push(...records.map(({ text }) => text));
        return ok ? { ok } : { ok, reason: 'failed', error: 'ServiceUnavailable' };
      },
      send: async (changes) => {
        done.push(`${changes.length} changes`);
        return changes.length;
      },
    });
  const decided = streamEvent(
    ['p1', []],
    [
      'p2',
      [{ segment: 'vip', change: 'entered' }],
      [
        { kind: 'link', profileId: 'p2' },
        { kind: 'merge', profileId: 'p2' },
      ],
    ],
  );
  expect(await take(true)(decided)).toEqual({ batchItemFailures: [] });
  expect(done).toEqual(['{"kind":"link","profileId":"p2"}\n{"kind":"merge","profileId":"p2"}\n', '1 changes']);
  expect(await take(false)(decided)).toEqual({ batchItemFailures: [{ itemIdentifier: '100' }] });
  expect(done).toHaveLength(3);
});

it('goes back to changes before the first decision, too, when the log does not take it, for they are not announced yet', async () => {
  const handler = createHandler({ append: async () => ({ ok: false, reason: 'failed', error: 'ServiceUnavailable' }), send: async () => 0 });
  const changed = streamEvent(['p1', [{ segment: 'vip', change: 'entered' }]], ['p2', [], [{ kind: 'link', profileId: 'p2' }]]);
  expect(await handler(changed)).toEqual({ batchItemFailures: [{ itemIdentifier: '100' }] });
});

it.each([0, 1, 2])('tells all that others recorded where record %i cannot be read, and asks only for that one again', async (at) => {
  const told: string[] = [];
  const handler = createHandler({
    append: async (records) => {
      told.push(...records.map(({ text }) => text.trim()));
      return { ok: true };
    },
    send: async (changes) => {
      told.push(...changes.map(({ profileId }) => profileId));
      return changes.length;
    },
  });
  const batch = streamEvent(
    ...['p0', 'p1', 'p2'].map((id): [string, object[], object[]] => [id, [{ segment: 'vip', change: 'entered' }], [{ kind: id }]]),
  );
  for (const attribute of ['changes', 'log']) {
    told.length = 0;
    const damaged = structuredClone(batch);
    Object.assign(damaged.Records[at]?.dynamodb?.NewImage ?? {}, { [attribute]: { S: '[{"segment":' } });
    expect(await handler(damaged)).toEqual({ batchItemFailures: [{ itemIdentifier: `${at + 1}00` }] });
    const others = ['p0', 'p1', 'p2'].filter((_, n) => n !== at);
    expect(told).toEqual([others.map((kind) => JSON.stringify({ kind })).join('\n'), ...others]);
  }
});
