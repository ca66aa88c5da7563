import { expect, it, vi } from 'vitest';
import { manySegments } from '../../bench/segments/many-segments.ts';
import { ownerNames } from '../../lambdas/core/profile/owner-name.ts';
import { programOf } from '../../lambdas/core/segments/program/compile.ts';
import { sight } from '../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../lambdas/core/stitching/plan.ts';
import { MemoryTable } from '../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../fixtures/events.ts';

/** How often rules are looked at, one by one or all, when events of a person arrive one after another. */
async function looks(count: number, events: readonly Record<string, unknown>[]) {
  const config = configOf({ segments: manySegments(count) });
  const table = new MemoryTable();
  const { segments } = programOf(config, 'users');
  const one = vi.spyOn(segments, 'get');
  const all = vi.spyOn(segments, 'keys');
  const seen: [number, number][] = [];
  for (const [n, fields] of events.entries()) {
    const at = { timestamp: minute(n), receivedAt: minute(n) };
    const sightings = sight([eventOf({ userId: 'u', ...at, ...fields })], config);
    const loaded = await table.load(ownerNames(sightings));
    one.mockClear();
    all.mockClear();
    const { writes } = planStitch(sightings, loaded, config, () => 'per_1');
    seen.push([one.mock.calls.length, all.mock.calls.length]);
    for (const write of writes) await table.write(write);
  }
  return seen;
}

it.each([10, 100, 1000])('of %d segments, a touch asks those alone that read what changed', async (count) => {
  const events = [
    { event: 'Product Viewed' },
    { event: 'Product Added' },
    { event: 'Something 1 Happened Never' },
    { type: 'identify', traits: { what_6_is: 2 } },
    { type: 'identify', traits: { plan: 'pro' } },
    { event: 'Cart Viewed' },
  ];
  const [newcomer, ...known] = await looks(count, events);
  expect(newcomer?.[0]).toBe(count);
  expect(known).toEqual([1, 0, 1, 0, 1].map((asked) => [asked, 0]));
});
