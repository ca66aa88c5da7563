import { describe, expect, it } from 'vitest';
import { askedBarriers } from '../../lambdas/adapters/barriers/none.ts';
import type { Event } from '../../lambdas/core/events/event.ts';
import type { SourcedRecord } from '../../lambdas/core/replay/records.ts';
import { noProgress, type Progress, Stopped } from '../../lambdas/operations/lake-walk.ts';
import {
  NotSent,
  type ReplayDeps,
  readRequest,
  replay,
  restFor,
  type Sending,
} from '../../lambdas/operations/replay.ts';
import { configOf, eventOf } from '../fixtures/events.ts';
import { barredIn } from '../fixtures/in-memory/barred.ts';
import { lakeObjects } from '../fixtures/lake-objects.ts';

const at = (n: number): string => new Date(Date.UTC(2026, 4, 1, 10, 0, 0, n)).toISOString();
const say = (n: number, fields: object = {}): Event =>
  eventOf({ messageId: `m${n}`, userId: `u${n % 3}`, receivedAt: at(n), ...fields });
const request = readRequest({ from: at(0), to: at(9_000) });
const many = Array.from({ length: 5_000 }, (_, n) => say(n)).reverse();
const objects = {
  'raw/2026/05/01/10/a': many,
  'raw/2026/05/01/10/b': [say(5_000), 'no event', say(3)],
  'raw/2026/05/01/11/c': [say(9_000), say(8_999)],
};

const stream = () => {
  const sent: string[] = [];
  const send = async (records: readonly SourcedRecord[]) => {
    for (const { text } of records)
      sent.push(
        ...text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).messageId),
      );
    return { ok: true } as const;
  };
  return { sent, send };
};
const { barriers } = askedBarriers();
const unhurried = (send: Sending['send']): ReplayDeps => ({ send, rest: async () => {}, barriers });
const number = (messageId: string): number => Number(messageId.slice(1));

describe('a replay', () => {
  it('sends each message that is asked for once, people each in order of receipt, and counts the rest', async () => {
    const { walk, saved } = lakeObjects(objects);
    const { sent, send } = stream();
    const end = await replay(request, walk, noProgress, unhurried(send));
    expect(end).toMatchObject({
      objects: 3,
      counts: { sent: 5_002, repeated: 1, others: 1, unreadable: 1 },
      done: true,
    });
    expect(new Set(sent).size).toBe(5_002);
    for (const person of [0, 1, 2]) {
      const theirs = sent.map(number).filter((n) => n % 3 === person);
      expect(theirs).toEqual(theirs.toSorted((a, b) => a - b));
    }
    expect(saved.at(-1)).toEqual(end);
  });

  it('that dies anywhere goes on where it was, loses nothing, and repeats no more than what it was about', async () => {
    const { walk, saved } = lakeObjects(objects);
    await replay(request, walk, noProgress, unhurried(stream().send));
    const steps = saved.length;
    for (const victim of Array.from({ length: steps * 2 }, (_, n) => n)) {
      let [calls, last]: [number, Progress] = [0, noProgress];
      const { sent, send } = stream();
      const dieAt = async <T>(act: () => Promise<T>): Promise<T> => {
        if (calls++ === victim) throw new Error('killed');
        return act();
      };
      const keep = async (progress: Progress) => {
        last = progress;
      };
      const save = (progress: Progress) => dieAt(() => keep(progress));
      await replay(
        request,
        { ...walk, save },
        noProgress,
        unhurried((records) => dieAt(() => send(records))),
      ).catch(() => {});
      const before = sent.length;
      const end = await replay(request, { ...walk, save: keep }, last, unhurried(send));
      expect(new Set(sent).size).toBe(5_002);
      expect(sent.length - before).toBeLessThan(5_003);
      expect(sent.length).toBeLessThanOrEqual(5_002 + 250 + 1);
      expect([end.objects, end.done]).toEqual([3, true]);
    }
  });

  it('sends also what nobody can make a mark of, which costs no other event', async () => {
    const deep = JSON.stringify(say(2, { context: { externalIds: 'here' } })).replace(
      '"here"',
      '['.repeat(9_000) + ']'.repeat(9_000),
    );
    const { walk } = lakeObjects({ 'raw/2026/05/01/10/a': [say(1), deep, say(3)] });
    const { sent, send } = stream();
    expect(await replay(request, walk, noProgress, unhurried(send))).toMatchObject({
      counts: { sent: 3, unreadable: 0 },
      done: true,
    });
    expect(sent.sort()).toEqual(['m1', 'm2', 'm3']);
  });

  it('stops when it is asked to, with all that it sent saved', async () => {
    const { walk, saved } = lakeObjects(objects, { isStopped: () => saved.length > 0 });
    const { sent, send } = stream();
    await expect(replay(request, walk, noProgress, unhurried(send))).rejects.toThrow(Stopped);
    expect(sent).toHaveLength(250);
    expect(saved.at(-1)).toMatchObject({ key: 'raw/2026/05/01/10/a', line: 250, counts: { sent: 250 } });
  });

  it('leaves out what the platform said itself, which was true of profiles as they were', async () => {
    const { walk } = lakeObjects({ 'raw/2026/05/01/10/a': [say(1, { sourceId: '@platform' }), say(2)] });
    const { sent, send } = stream();
    expect((await replay(request, walk, noProgress, unhurried(send))).counts).toMatchObject({ sent: 1, others: 1 });
    expect(sent).toEqual(['m2']);
  });

  it('rests after each batch for as long as so many events may take', async () => {
    const pauses: number[] = [];
    const { walk } = lakeObjects({ 'raw/2026/05/01/10/a': Array.from({ length: 300 }, (_, n) => say(n)) });
    const rest = restFor(500, async (milliseconds) => pauses.push(milliseconds));
    await replay(request, walk, noProgress, { send: stream().send, rest, barriers });
    expect(pauses).toEqual([500, 100]);
  });

  it('leaves out people who are erased or suppressed, and counts their messages', async () => {
    const { walk } = lakeObjects({ 'raw/2026/05/01/10/a': [say(1), say(2), say(4)] });
    const { sent, send } = stream();
    const { deps } = barredIn(configOf(), { 'user_id:u1': { suppressed: true } });
    const end = await replay(request, walk, noProgress, { ...unhurried(send), ...deps });
    expect([sent, end.counts]).toEqual([['m2'], { unreadable: 0, sent: 1, repeated: 0, suppressed: 2, others: 0 }]);
  });

  it('ends with the reason, and saves nothing, when the stream does not accept events', async () => {
    const { walk, saved } = lakeObjects(objects);
    const full = async () =>
      ({ ok: false, reason: 'throttled', error: 'ProvisionedThroughputExceededException' }) as const;
    await expect(replay(request, walk, noProgress, unhurried(full))).rejects.toThrow(NotSent);
    expect(saved).toEqual([]);
  });

  it('passes over what a client sent again, though the first of it came before the time that is asked for', async () => {
    const { walk } = lakeObjects({
      'raw/2026/05/01/10/a': [say(1), say(20, { messageId: 'm1', userId: 'u1' }), say(21)],
    });
    const { sent, send } = stream();
    const end = await replay(readRequest({ from: at(10), to: at(30) }), walk, noProgress, unhurried(send));
    expect([sent, end.counts]).toEqual([['m21'], { unreadable: 0, sent: 1, repeated: 1, suppressed: 0, others: 1 }]);
  });
});
