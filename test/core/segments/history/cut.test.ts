import { describe, expect, it } from 'vitest';
import { takeEvent } from '../../../../lambdas/core/segments/evaluation/take-event.ts';
import { takeHistory } from '../../../../lambdas/core/segments/history/history.ts';
import {
  type AggregateRegistry,
  firstRegistry,
  registered,
} from '../../../../lambdas/core/segments/history/registry.ts';
import { countingAt } from '../../../../lambdas/core/segments/history/standing.ts';
import { sum } from '../../../../lambdas/core/segments/language/compute.ts';
import { programOf } from '../../../../lambdas/core/segments/program/compile.ts';

const definitions = { segments: [], traits: [{ key: 'spent', compute: sum('Paid', 'total') }] };
const program = programOf(definitions, 'users');
const [id = ''] = program.aggregates.keys();
const cut = Date.parse('2026-05-01T10:05:00.000Z');
const registry: AggregateRegistry = registered(firstRegistry([]), [id], cut - 5 * 60_000);

describe('a message that is received about the cut of a new aggregate', () => {
  it.each([
    { after: -86_400_000, counts: 'in the history' },
    { after: -1, counts: 'in the history' },
    { after: 0, counts: 'in the stream' },
    { after: 1, counts: 'in the stream' },
  ])('$after ms after it counts $counts, and nowhere else', ({ after, counts }) => {
    const receivedAt = cut + after;
    const event = { type: 'track', event: 'Paid', properties: { total: 5 } };
    const countsIn = countingAt({ ...definitions, registry }, 'users', new Date(receivedAt).toISOString());
    const live = takeEvent(program, new Map(), { event, at: receivedAt, mark: 'a' }, countsIn);
    const history = new Map();
    const frozen = { run: 'one', at: '2026-05-01T12:00:00.000Z', from: 0, generation: registry.generation };
    takeHistory(history, [{ ...event, at: receivedAt, receivedAt, mark: 'a' }], { program, registry, frozen });
    expect([live.has(id), history.has(id)]).toEqual(counts === 'in the stream' ? [true, false] : [false, true]);
  });
});
