import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leaseMilliseconds } from '../../../lambdas/core/imports/ledger.ts';
import { type ImportWorld, importWorld, timeLeft } from '../../fixtures/in-memory/import.ts';
import { numRuns } from '../../fixtures/laws.ts';
import { dyingWith, type Ending, lifeOf } from '../../fixtures/mortal.ts';

const orders = { object: 'orders', rows: 'events' };
const rowOf = (line: number) =>
  line % 100 === 7
    ? { bad: { place: { file: 'a', line }, reason: 'is short', raw: `${line}` } }
    : { row: { type: 'track', event: 'Visit', userId: `u${line % 40}` }, place: { file: 'a', line } };
const rows = Array.from({ length: 1_100 }, (_, line) => rowOf(line));

/** By how much time goes on with each call, so that leases run out. */
const times = fc.array(fc.nat(leaseMilliseconds), { minLength: 1, maxLength: 60 });

/** The one end of all: each event and each bad row, with what the ledger says of them. */
function endOf(world: ImportWorld) {
  const [entry] = world.ledger();
  const lines = new Set(world.lines().map((line) => line.replace(/"receivedAt":"[^"]*"/, '')));
  const { state, position, counts } = entry ?? {};
  return {
    lines: [...lines].sort(),
    bad: [...world.quarantine()].map(({ event }) => event).sort(),
    state,
    position,
    counts,
  };
}

/** What comes twice is the same to the last byte. */
const expectSameBytes = (world: ImportWorld) =>
  expect(new Set(world.lines()).size).toBe(new Set(world.events().map(({ messageId }) => messageId)).size);

async function undisturbed() {
  const world = importWorld([orders]);
  let calls = 0;
  const counting =
    <Given extends unknown[], Result>(act: (...given: Given) => Promise<Result>) =>
    (...given: Given) => {
      calls += 1;
      return act(...given);
    };
  const about = world.stage(rows);
  await world.worker(counting)(about, timeLeft());
  expect(world.lines()).toHaveLength(1_089);
  expect(await world.worker()(about, timeLeft())).toEqual({ batchItemFailures: [] });
  expect(world.lines()).toHaveLength(1_089);
  return { end: endOf(world), calls };
}

describe('each row is sent once, or the same bytes again', () => {
  it('when a worker dies at any call, before or after it', async () => {
    const { end, calls } = await undisturbed();
    expect(calls).toBeGreaterThan(10);
    for (const ending of ['before', 'after'] satisfies Ending[])
      for (let at = 0; at < calls; at++) {
        const world = importWorld([orders]);
        const about = world.stage(rows);
        let call = 0;
        const life = lifeOf(() => (call++ === at ? ending : undefined));
        void world.worker(dyingWith(life))(about, timeLeft());
        await life.end;
        world.clock.now += leaseMilliseconds + 1;
        expect(await world.worker()(about, timeLeft()), `${ending} call ${at}`).toEqual({ batchItemFailures: [] });
        expect(endOf(world)).toEqual(end);
        expectSameBytes(world);
      }
  });

  it('when several work on one piece in any order, and leases run out at any time', async () => {
    const { end } = await undisturbed();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.oneof(fc.constant([]), times), async (order, jumps) => {
        const world = importWorld([orders]);
        const about = world.stage(rows);
        const later = jumps.values();
        const waiting = <Given extends unknown[], Result>(act: (...given: Given) => Promise<Result>) =>
          order.scheduleFunction(async (...given: Given) => {
            world.clock.now += later.next().value ?? 0;
            return act(...given);
          });
        const all = [1, 2, 3].map(() => world.worker(waiting)(about, timeLeft()));
        await order.waitFor(Promise.all(all));
        if (jumps.length === 0) expect(world.lines()).toHaveLength(1_089);
        world.clock.now += leaseMilliseconds + 1;
        await world.worker()(about, timeLeft());
        expect(endOf(world)).toEqual(end);
        expectSameBytes(world);
      }),
      { numRuns: numRuns(40) },
    );
  });

  it('when the stream or the lake takes nothing for a while', async () => {
    const { end } = await undisturbed();
    const world = importWorld([orders]);
    const about = world.stage(rows);
    const full = async () => ({ ok: false, reason: 'throttled', error: 'Full' }) as const;
    for (const more of [{ send: full }, { keepRows: full }]) {
      await expect(world.worker((act) => act, more)(about, timeLeft())).rejects.toThrow('Full');
      world.clock.now += leaseMilliseconds + 1;
    }
    await world.worker()(about, timeLeft());
    expect(endOf(world)).toEqual(end);
  });
});
