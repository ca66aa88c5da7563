import type { KinesisStreamEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedBarriers } from '../../../lambdas/adapters/barriers/none.ts';
import type { Forwarded } from '../../../lambdas/adapters/metrics/forward-metrics.ts';
import { readParcel } from '../../../lambdas/core/destinations/forwarding/parcel.ts';
import { routesOf } from '../../../lambdas/core/destinations/forwarding/route.ts';
import { createHandler } from '../../../lambdas/functions/forward/handler.ts';
import { kinesisEvent } from '../../fakes/kinesis.ts';
import { eventOf } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';
import { destinations } from './destinations.ts';

/** The process ended before a call was answered, or after it was done. */
class Killed extends Error {}

const second = 1_000;
const idsIn = (bodies: readonly string[] = []): string[] =>
  bodies.flatMap((body) => (readParcel(body)?.events ?? []).map((event) => (event as { messageId: string }).messageId));

/** Queues and the bucket in memory, a clock, and a process that may be killed at any call. */
function world() {
  const now = { at: 0 };
  const queues = new Map<string, string[]>();
  const aside = new Map<string, Map<string, readonly string[]>>();
  const tries: { readonly destination: string; readonly at: number }[] = [];
  const counted: Forwarded[] = [];
  const mood = {
    refuses: (_: string) => false,
    bucketRefuses: () => false,
    killed: (): 'before' | 'after' | undefined => undefined,
  };
  async function call<Result>(act: () => Result): Promise<Result> {
    const end = mood.killed();
    if (end === 'before') throw new Killed();
    const result = act();
    if (end === 'after') throw new Killed();
    return result;
  }
  const start = () =>
    createHandler({
      destinations,
      put: (destination, parcels) =>
        call(() => {
          tries.push({ destination, at: now.at });
          if (mood.refuses(destination))
            return { ok: false, reason: 'failed', error: 'KMS.DisabledException' } as const;
          queues.set(destination, [...(queues.get(destination) ?? []), ...parcels]);
          return { ok: true } as const;
        }),
      putAside: ({ destination, parcels, origin }) =>
        call(() => {
          if (mood.bucketRefuses()) return { ok: false, reason: 'failed', error: 'SlowDown' } as const;
          aside.set(destination, new Map([...(aside.get(destination) ?? []), [origin, parcels]]));
          return { ok: true } as const;
        }),
      count: (counts) => counted.push(counts),
      personOf: () => undefined,
      ...askedBarriers(),
      now: () => now.at,
      warn: () => {},
    });
  const safe = (destination: string) => [
    ...idsIn(queues.get(destination)),
    ...idsIn([...(aside.get(destination)?.values() ?? [])].flat()),
  ];
  return { now, mood, start, safe, queues, aside, tries, counted };
}

const batchOf = (first: number, events: readonly object[], arrived: number): KinesisStreamEvent =>
  kinesisEvent(
    events.map((event) => JSON.stringify(event)),
    first,
    arrived / second,
  );

const orderOf = (n: number) => eventOf({ userId: 'ann', messageId: `m${n}`, event: 'Order Completed' });

describe('a destination whose queue refuses', () => {
  it('holds up the others for a minute once, and then neither them nor the clock', async () => {
    const { now, mood, start, queues, aside, tries, counted } = world();
    mood.refuses = (destination) => destination === 'orders';
    const handler = start();
    let invocations = 0;
    const waits: number[] = [];
    for (let n = 1; n <= 100; n++) {
      const arrived = now.at;
      const batch = batchOf(n, [orderOf(n)], arrived);
      for (let done = false; !done; now.at += 5 * second) {
        invocations += 1;
        done = await handler(batch).then(
          () => true,
          () => false,
        );
      }
      waits.push(now.at - 5 * second - arrived);
    }
    expect(waits.slice(1).filter((wait) => wait > 0)).toEqual([]);
    expect(waits[0]).toBe(60 * second);
    expect(invocations).toBe(100 + 12);
    expect(idsIn(queues.get('all'))).toHaveLength(100);
    expect(idsIn([...(aside.get('orders')?.values() ?? [])].flat())).toHaveLength(100);
    const late = tries.filter(({ destination, at }) => destination === 'orders' && at > 60 * second);
    expect(late.every(({ at }, n) => n === 0 || at - (late[n - 1]?.at ?? 0) >= 30 * second)).toBe(true);
    expect(counted.reduce((sum, { putAside }) => sum + putAside, 0)).toBe(100);
    mood.refuses = () => false;
    now.at += 30 * second;
    await handler(batchOf(101, [orderOf(101)], now.at));
    expect(idsIn(queues.get('orders'))).toEqual(['m101']);
  });

  it('waits for no queue with a batch of ten minutes, whatever the process remembers', async () => {
    const { now, mood, start, aside } = world();
    mood.refuses = (destination) => destination === 'orders';
    now.at = 600 * second;
    await start()(batchOf(1, [orderOf(1)], 0));
    expect(idsIn([...(aside.get('orders')?.values() ?? [])].flat())).toEqual(['m1']);
    await expect(start()(batchOf(2, [orderOf(2)], 1 * second))).rejects.toThrow('KMS.DisabledException');
  });

  it('loses nothing, gets what it wants alone, and stops no shard, wherever the process is killed', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.nat(99)),
        fc.subarray(['orders', 'all', 'ads']),
        async (batches, chances, dead) => {
          const { now, mood, start, safe } = world();
          const chance = (percent: number) => chances.next().value < percent;
          let troubles = 60;
          const inTrouble = (percent: number) => troubles > 0 && chance(percent) && troubles-- > 0;
          mood.refuses = (destination) => dead.includes(destination) || inTrouble(30);
          mood.bucketRefuses = () => inTrouble(20);
          mood.killed = () => (inTrouble(15) ? (chance(50) ? 'before' : 'after') : undefined);
          let handler = start();
          const sent: ReturnType<typeof orderOf>[] = [];
          for (const paid of batches) {
            const first = sent.length + 1;
            sent.push(...paid.map((is, n) => ({ ...orderOf(first + n), event: is ? 'Order Completed' : 'Viewed' })));
            const batch = batchOf(first, sent.slice(first - 1), now.at);
            for (let done = false, tries = 0; !done; now.at += 5 * second) {
              expect(tries++, 'a batch that never ends').toBeLessThan(200);
              done = await handler(batch).then(
                () => true,
                (error) => {
                  if (error instanceof Killed) handler = start();
                  return false;
                },
              );
            }
          }
          for (const { destination, wants } of routesOf(destinations))
            expect(new Set(safe(destination))).toEqual(new Set(sent.filter(wants).map(({ messageId }) => messageId)));
        },
      ),
      { numRuns: numRuns(300) },
    ));
});
