import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restingQueues } from '../../../lambdas/adapters/dynamodb/resting-queues.ts';
import type { Breaker } from '../../../lambdas/core/destinations/breaker.ts';
import { isPolled, mostRests, pollStep } from '../../../lambdas/core/destinations/polls.ts';
import { restQueues } from '../../../lambdas/functions/tend/rest-queues.ts';
import { MemoryDynamoDb } from '../../fakes/memory-dynamodb.ts';
import { numRuns } from '../../fixtures/laws.ts';

const minute = 60_000;
const open = (minutes: number, openings: number): Breaker => ({ recent: '', openUntil: minutes * minute, openings });
const closed: Breaker = { recent: '', openings: 0 };

it.each([
  { name: 'a closed breaker', breaker: closed, polled: true },
  { name: 'its first pause, of a minute', breaker: open(1, 1), polled: true },
  { name: 'its third pause, of four minutes', breaker: open(4, 3), polled: true },
  { name: 'its fourth pause, of eight minutes', breaker: open(8, 4), polled: false },
  { name: 'the last minute of a long pause', breaker: open(1, 4), polled: true },
  { name: 'more than the last minute of a long pause', breaker: open(1.001, 4), polled: false },
  { name: 'a probe of a minute', breaker: open(1, 5), polled: true },
  { name: 'a pause after ten days', breaker: open(15, mostRests), polled: false },
  { name: 'a pause after more than ten days', breaker: open(15, mostRests + 1), polled: true },
])('a queue is polled during $name: $polled', ({ breaker, polled }) => expect(isPolled(breaker, 0)).toBe(polled));

it.each([
  { restingSince: undefined, isOn: true, breaker: open(8, 4), step: 'stop' },
  { restingSince: -1, isOn: true, breaker: open(8, 4), step: 'stop' },
  { restingSince: -1, isOn: false, breaker: open(8, 4), step: 'nothing' },
  { restingSince: -1, isOn: false, breaker: closed, step: 'start' },
  { restingSince: -1, isOn: true, breaker: closed, step: 'nothing' },
  { restingSince: -5 * minute, isOn: true, breaker: closed, step: 'forget' },
  { restingSince: undefined, isOn: false, breaker: closed, step: 'nothing' },
])('$step if it rests since $restingSince and is polled: $isOn', ({ restingSince, isOn, breaker, step }) =>
  expect(pollStep({ restingSince, isOn }, breaker, 0)).toBe(step),
);

class Died extends Error {}

/** Two destinations, their mappings and a clock. Each function may die or wait at each call; it has 90 seconds. */
function scene(chance: () => number) {
  const dynamo = new MemoryDynamoDb();
  const record = restingQueues(dynamo.client, 'profiles', async () => {});
  const on = new Map([
    ['crm', true],
    ['ads', true],
  ]);
  const breakers = new Map<string, Breaker>([
    ['crm', closed],
    ['ads', closed],
  ]);
  let now = 0;
  let calm = false;
  const waiting: (() => void)[] = [];
  const life = (born: number) => {
    return async <T>(act: () => Promise<T>): Promise<T> => {
      const fate = calm ? 9 : chance() % 10;
      if (fate === 0) throw new Died();
      if (fate <= 2) await new Promise<void>((go) => waiting.push(go));
      if (now > born + 90_000) throw new Died();
      const result = await act();
      if (fate === 3) throw new Died();
      return result;
    };
  };
  const tick = (): Promise<void> => {
    const call = life(now);
    return restQueues({
      destinations: [...on.keys()],
      read: (ids) => call(async () => ({ ...(await record.read(ids)), breakers: new Map(breakers) })),
      write: (resting, version) => call(() => record.write(resting, version)),
      polls: (id) =>
        call(async () => ({
          state: on.get(id) ? 'on' : 'off',
          turn: (isOn) => call(async () => void on.set(id, isOn)),
        })),
      now: () => now,
    }).catch((error: unknown) => {
      if (!(error instanceof Died)) throw error;
    });
  };
  const settle = async (): Promise<void> => {
    for (let n = 0; n < 60; n++) await Promise.resolve();
  };
  /** A minute passes: another function starts, before or after those who wait go on. */
  const pass = async (): Promise<void> => {
    const late = waiting.splice(0).filter(() => calm || chance() % 4 > 0);
    const goOn = async (each: () => unknown): Promise<void> => {
      each();
      await settle();
    };
    const all = chance() % 2 === 0 ? [tick, ...late] : [...late, tick];
    for (const each of all) await goOn(each);
    now += minute;
  };
  return {
    on,
    breakers,
    record,
    pass,
    now: () => now,
    calm: () => {
      calm = true;
    },
  };
}

describe('queues that rest', () => {
  it('are polled again once their breakers are closed, wherever functions die and whoever is late', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            id: fc.constantFrom('crm', 'ads'),
            openings: fc.constantFrom(0, 0, 3, 4, 5),
            minutes: fc.integer({ min: 1, max: 4 }),
          }),
          { maxLength: 15, size: 'max' },
        ),
        fc.infiniteStream(fc.nat()),
        async (history, chances) => {
          const { on, breakers, record, pass, now, calm } = scene(() => chances.next().value ?? 0);
          for (const { id, openings, minutes } of history) {
            const openUntil = now() + Math.min(15, 2 ** openings) * minute;
            breakers.set(id, openings === 0 ? closed : { recent: '', openings, openUntil });
            for (let passed = 0; passed < minutes; passed++) await pass();
          }
          for (const id of breakers.keys()) breakers.set(id, closed);
          calm();
          for (let passed = 0; passed < 12; passed++) await pass();
          expect([...on.values()]).toEqual([true, true]);
          expect((await record.read([])).resting).toEqual(new Map());
        },
      ),
      { numRuns: numRuns(2_000) },
    ));

  it('stop in a long pause, and cost a read alone while nobody has one', async () => {
    const { on, breakers, record, pass, calm } = scene(() => 9);
    calm();
    await pass();
    expect((await record.read([])).version).toBe(0);
    breakers.set('crm', open(16, 5));
    await pass();
    await pass();
    expect([...on]).toEqual([
      ['crm', false],
      ['ads', true],
    ]);
    expect((await record.read([])).version).toBe(1);
  });
});
