import { GetObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { givenUpBatches } from '../../../lambdas/adapters/lake/given-up-batches.ts';
import type { PutOutcome } from '../../../lambdas/adapters/streams/retry-failed-entries.ts';
import { sendEvents, sendNews } from '../../../lambdas/operations/send-given-up.ts';
import { eventOf } from '../../fixtures/events.ts';
import { failedBatches, Killed, ofPublish, ofStitch, publishKey, stitchKey } from '../../fixtures/failed-batches.ts';

const going = { tell: () => {}, isStopped: () => false };
const event = (n: number, sourceId = 'web'): string =>
  JSON.stringify(eventOf({ messageId: `m${n}`, userId: `u${n % 3}`, sourceId }));
const image = (n: number) => ({
  profileId: { S: `p${n}` },
  changes: { S: JSON.stringify([{ segment: 'vip', change: 'entered' }]) },
  log: { S: JSON.stringify([{ kind: 'link', profileId: `p${n}` }]) },
});

/** Places to which batches go, which answer as `ok` says. */
function places(objects: Readonly<Record<string, string>>, ok = (): boolean => true) {
  const bucket = failedBatches(objects);
  const got = { rests: [] as number[], stream: [] as string[], bus: [] as string[], log: new Map<string, string>() };
  const outcome = (): PutOutcome => {
    bucket.alive();
    return ok() ? { ok: true } : { ok: false, reason: 'throttled', error: 'SlowDown' };
  };
  const batches = givenUpBatches(bucket.client, 'failed');
  const stitch = batches(
    'stitch',
    sendEvents({
      send: async (records) => {
        const answer = outcome();
        if (answer.ok) got.stream.push(...records.flatMap(({ text }) => text.trim().split('\n')));
        return answer;
      },
      rest: async (events) => got.rests.push(events),
    }),
  );
  const publish = batches(
    'publish',
    sendNews({
      announce: async (changes) => {
        const { ok: taken } = outcome();
        if (taken) got.bus.push(...changes.map(({ profileId }) => profileId));
        return taken ? changes.length : 0;
      },
      append: (key) => async (records) => {
        const answer = outcome();
        if (answer.ok) got.log.set(key, records.map(({ text }) => text).join(''));
        return answer;
      },
    }),
  );
  return { ...bucket, got, stitch, publish };
}

const both = {
  [stitchKey(1)]: ofStitch([`${event(1)}\n${event(2)}\n`, `${event(3)}\n`]),
  [publishKey(1)]: ofPublish([image(1), image(2)]),
  [stitchKey(2)]: ofStitch([`${event(4)}\n`]),
  'aws/lambda/set-aside/e9': ofPublish([image(3)]),
};
const ids = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).messageId);

describe('given-up batches', () => {
  it('are listed by whose they are, with the oldest and why', async () => {
    const { stitch, publish } = places(both);
    expect(await stitch.look()).toEqual({
      what: 'stitch',
      count: 2,
      since: 0,
      reasons: [['RetryAttemptsExhausted', 2]],
    });
    expect(await publish.look()).toEqual({
      what: 'publish',
      count: 2,
      since: 1_000,
      reasons: [['RetryAttemptsExhausted', 2]],
    });
  });

  it('of stitch go onto the event stream again, marked so that nothing is applied twice, and are removed', async () => {
    const { stitch, kept, got } = places(both);
    expect(await stitch.send(going)).toEqual({ what: 'stitch', sent: 2, left: [] });
    expect([ids(got.stream).sort(), got.rests]).toEqual([
      ['m1', 'm2', 'm3', 'm4'],
      [3, 1],
    ]);
    expect(got.stream.every((line) => line.startsWith('{"replayed":"raw",'))).toBe(true);
    expect([...kept.keys()]).toEqual([publishKey(1), 'aws/lambda/set-aside/e9']);
  });

  it('of stitch lose no line that is no event, nor what the platform’s own jobs said: these go as they are', async () => {
    const own = event(2, '@platform');
    const { stitch, got } = places({ [stitchKey(1)]: ofStitch([`${event(1)}\nno event\n{"a":1}\n${own}\n`]) });
    await stitch.send(going);
    expect(got.stream).toHaveLength(4);
    expect(got.stream).toEqual(expect.arrayContaining(['no event', '{"a":1}', own]));
  });

  it('of publish are announced, their decisions are put in the log under the object’s own name, and they are removed', async () => {
    const { publish, kept, got } = places(both);
    expect(await publish.send(going)).toEqual({ what: 'publish', sent: 2, left: [] });
    expect(got.bus).toEqual(['p1', 'p2', 'p3']);
    expect([...got.log]).toEqual([
      [publishKey(1), '{"kind":"link","profileId":"p1"}\n{"kind":"link","profileId":"p2"}\n'],
      ['aws/lambda/set-aside/e9', '{"kind":"link","profileId":"p3"}\n'],
    ]);
    expect([...kept.keys()]).toEqual([stitchKey(1), stitchKey(2)]);
  });

  it('of publish that still cannot be read whole stay, and all that can be read of them is told', async () => {
    const damaged = { ...image(2), changes: { S: '[{"segment":' } };
    const { publish, kept, got } = places({
      [publishKey(1)]: ofPublish([image(1), damaged]),
      [publishKey(2)]: ofPublish([image(3)]),
    });
    const why = '1 of its 2 records cannot be read, and all others were sent: changes: not JSON';
    expect(await publish.send(going)).toEqual({ what: 'publish', sent: 1, left: [{ name: publishKey(1), why }] });
    expect([got.bus, [...kept.keys()]]).toEqual([['p1', 'p3'], [publishKey(1)]]);
    expect([...got.log.values()].join('')).toContain('"p2"');
  });

  it.each([
    { name: 'no JSON', text: '{', why: 'the object is not JSON' },
    {
      name: 'no payload, as SQS and SNS get it',
      text: ofStitch([]).replace('"payload"', '"other"'),
      why: 'payload invalid_type',
    },
    {
      name: 'a payload that is no JSON',
      text: JSON.stringify({ KinesisBatchInfo: {}, payload: 'ann@example.com' }),
      why: 'its payload is not JSON',
    },
    {
      name: 'a record of something else',
      text: JSON.stringify({ KinesisBatchInfo: {}, payload: '{"Records":[{"s3":{}}]}' }),
      why: 'Records 0 kinesis',
    },
    { name: 'no stream', text: JSON.stringify({ payload: '{"Records":[]}' }), why: 'names neither' },
    { name: 'records of publish', text: ofPublish([image(1)]), why: 'it holds records of publish' },
  ])('that hold $name stay, named with the reason, and hold up no other', async ({ text, why }) => {
    const { stitch, kept, got } = places({ [stitchKey(1)]: text, [stitchKey(2)]: ofStitch([`${event(1)}\n`]) });
    const { sent, left } = await stitch.send(going);
    expect([sent, left, [...kept.keys()]]).toEqual([
      1,
      [{ name: stitchKey(1), why: expect.stringContaining(why) }],
      [stitchKey(1)],
    ]);
    expect([ids(got.stream), JSON.stringify(left)]).toEqual([['m1'], expect.not.stringContaining('ann@')]);
  });

  it('that S3 does not give stay, named with the reason, and hold up no other', async () => {
    const { stitch, kept, s3 } = places({ [stitchKey(1)]: '', [stitchKey(2)]: ofStitch([`${event(1)}\n`]) });
    s3.on(GetObjectCommand, { Bucket: 'failed', Key: stitchKey(1) }).rejects(
      Object.assign(new Error('you may not'), { name: 'AccessDenied' }),
    );
    expect(await stitch.send(going)).toEqual({
      what: 'stitch',
      sent: 1,
      left: [{ name: stitchKey(1), why: 'you may not' }],
    });
    expect([...kept.keys()]).toEqual([stitchKey(1)]);
  });

  it.each(['stitch', 'publish'] as const)(
    'of %s stay when nobody takes them, and the next is not tried',
    async (from) => {
      let asked = 0;
      const all = places(both, () => asked++ > 5);
      const { sent, left } = await all[from].send(going);
      expect([sent, left.length, asked, all.kept.size]).toEqual([0, 1, 1, 4]);
      expect(left[0]?.why).toMatch(/does not accept its/);
    },
  );

  it.each(['stitch', 'publish'] as const)(
    'of %s that another run sent and removed meanwhile hold up no other, and are nothing that stays',
    async (from) => {
      const objects = {
        [stitchKey(1)]: ofStitch([event(1)]),
        [stitchKey(2)]: ofStitch([event(2)]),
        [publishKey(1)]: ofPublish([image(1)]),
        [publishKey(2)]: ofPublish([image(2)]),
      };
      const all = places(objects);
      const isStopped = (): boolean => {
        for (const key of [stitchKey(1), publishKey(1)]) all.kept.delete(key);
        return false;
      };
      expect(await all[from].send({ ...going, isStopped })).toEqual({ what: from, sent: 1, left: [] });
    },
  );

  it('are there, or with whoever is to have them, wherever a redrive dies; a second one ends it', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), fc.nat(40), async (kinds, most) => {
        const objects = kinds.map((isStitch, n) =>
          isStitch ? [stitchKey(n), ofStitch([`${event(n)}\n`])] : [publishKey(n), ofPublish([image(n)])],
        );
        const { stitch, publish, kept, calls, got } = places(Object.fromEntries(objects));
        calls.left = most;
        const run = async (): Promise<void> => {
          await stitch.send(going);
          await publish.send(going);
        };
        await run().catch((error: Error) => expect(error).toBeInstanceOf(Killed));
        const safe = new Set([
          ...kept.keys(),
          ...ids(got.stream).map((id) => stitchKey(Number(id.slice(1)))),
          ...got.log.keys(),
        ]);
        expect(safe).toEqual(new Set(objects.map(([key]) => key)));
        calls.left = Number.POSITIVE_INFINITY;
        await run();
        expect(kept.size).toBe(0);
        expect(new Set(ids(got.stream))).toEqual(new Set(kinds.flatMap((isStitch, n) => (isStitch ? [`m${n}`] : []))));
        expect(new Set(got.bus)).toEqual(new Set(kinds.flatMap((isStitch, n) => (isStitch ? [] : [`p${n}`]))));
        expect(got.stream.length + got.bus.length).toBeLessThanOrEqual(kinds.length + 1);
      }),
    ));
});
