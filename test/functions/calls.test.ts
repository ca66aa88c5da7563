import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Destination, Item } from '../../lambdas/core/destinations/destination.ts';
import type { Outcome } from '../../lambdas/core/destinations/outcome.ts';
import { callAll } from '../../lambdas/functions/deliver/calls.ts';
import { minute } from '../fixtures/events.ts';
import { numRuns } from '../fixtures/laws.ts';

const itemsOf = (count: number): Item[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `m${n}`,
    call: { type: 'track', messageId: `m${n}`, timestamp: minute(0), userId: `u${n}` },
  }));
const delivered: Outcome = { kind: 'delivered', requests: 1 };

/** A tool that takes batches, and throws `failure` for each that holds a poison item. */
function tool(poison: ReadonlySet<string>, failure: () => Error, size = 100) {
  const taken: string[] = [];
  const batches: number[] = [];
  const destination: Destination = {
    batches: { size, keyOf: () => '' },
    deliver: async (items) => {
      batches.push(items.length);
      if (items.some(({ id }) => poison.has(id))) throw failure();
      taken.push(...items.map(({ id }) => id));
      return items.map(() => delivered);
    },
  };
  return { destination, taken, batches };
}
const within = { deadline: 1, now: () => 0 };
const status = (code: number) => () => Object.assign(new Error(), { name: 'HTTPError', response: { status: code } });

describe('an item that fails its batch', () => {
  it.each([
    { name: 'by 400', failure: status(400), kind: 'refused' },
    { name: 'by 413', failure: status(413), kind: 'refused' },
    { name: 'by a TypeError of the destination', failure: () => new TypeError(), kind: 'retry' },
  ])('$name costs no other: whatever the batch and the poison, all others are taken once', ({ failure, kind }) =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.uniqueArray(fc.nat(39), { maxLength: 5 }),
        async (count, bad) => {
          const poison = new Set(bad.map((n) => `m${n}`));
          const items = itemsOf(count);
          const { destination, taken, batches } = tool(poison, failure);
          const outcomes = await callAll(items, destination, within);
          expect(items.map((item) => outcomes.get(item)?.kind)).toEqual(
            items.map(({ id }) => (poison.has(id) ? kind : 'delivered')),
          );
          expect(taken.toSorted()).toEqual(items.flatMap(({ id }) => (poison.has(id) ? [] : [id])).sort());
          // Halves of halves: a poison item of 40 is alone after at most twelve calls.
          expect(batches.length).toBeLessThanOrEqual(1 + 12 * bad.length);
        },
      ),
      { numRuns: numRuns(200) },
    ),
  );

  it.each([429, 500, 401])('is not looked for when the tool answers %i, which is about them all', async (code) => {
    const items = itemsOf(8);
    const { destination, batches } = tool(new Set(['m3']), status(code));
    const outcomes = await callAll(items, destination, within);
    expect(batches).toEqual([8]);
    expect(new Set([...outcomes.values()].map(({ kind }) => kind)).size).toBe(1);
  });
});

it('begins nothing after its time', async () => {
  const { destination, batches } = tool(new Set(), status(500));
  expect(await callAll(itemsOf(3), destination, { deadline: 0, now: () => 0 })).toEqual(new Map());
  expect(batches).toEqual([]);
});

it('tells of an item without an outcome that it may be tried three times', async () => {
  const silent: Destination = { deliver: async () => [] };
  const outcomes = await callAll(itemsOf(1), silent, within);
  expect([...outcomes.values()]).toEqual([{ kind: 'retry', reason: 'no outcome', requests: 0, mostTries: 3 }]);
});
