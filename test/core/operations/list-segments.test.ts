import { expect, it } from 'vitest';
import { listSegments } from '../../../lambdas/core/operations/list-segments.ts';
import { sum } from '../../../lambdas/core/segments/language/compute.ts';
import { did, page } from '../../../lambdas/core/segments/language/events.ts';
import { all, consent, inSegment, trait } from '../../../lambdas/core/segments/language/people.ts';
import { caps, programOf } from '../../../lambdas/core/segments/program/compile.ts';

const definitions = {
  segments: [
    { key: 'plain', name: 'Plain', where: trait('address.country').equals('NO') },
    { key: 'busy', name: 'Busy', where: all(did('A').thenDid(page('Home')).within('1h'), consent('ads').granted()) },
    { key: 'late', name: 'Late', where: all(inSegment('busy'), did('B').within('1h')) },
  ],
  traits: [{ key: 'spent', compute: sum('A', 'x') }],
};

it('lists what each definition reads, its own and through other segments, and what it needs', () => {
  const { segments, traits, aggregates, bytes, most } = listSegments(definitions);
  expect(segments).toEqual([
    {
      ...{ key: 'plain', name: 'Plain', aggregates: 0, bytes: 0, isTimed: false },
      reads: ['trait address', 'trait address.country'],
    },
    {
      ...{ key: 'busy', name: 'Busy', aggregates: 1, bytes: expect.any(Number), isTimed: false },
      reads: ['consent', 'event A', 'event page Home'],
    },
    {
      ...{ key: 'late', name: 'Late', aggregates: 2, bytes: expect.any(Number), isTimed: true },
      reads: ['consent', 'event A', 'event B', 'event page Home', 'segment busy'],
    },
  ]);
  expect(traits).toEqual([
    { key: 'spent', name: 'spent', aggregates: 1, bytes: expect.any(Number), reads: ['event A'] },
  ]);
  const [, busy, late] = segments;
  expect(late?.bytes).toBeGreaterThan(busy?.bytes ?? 0);
  expect([aggregates, bytes, most]).toEqual([3, programOf(definitions).worstBytes, caps]);
  expect((late?.bytes ?? 0) + (traits[0]?.bytes ?? 0)).toBe(bytes);
});
