import fc from 'fast-check';
import { lengths } from './any-definition.ts';
import type { Happened, Person } from './oracle.ts';
import { length } from './oracle-time.ts';

/** Two days before the clocks of Europe go forward. */
export const start = Date.parse('2026-03-27T10:00:00Z');

/** Times whose distances are the lengths of windows, or a millisecond more or less. */
const time = fc
  .tuple(fc.array(fc.constantFrom(...lengths), { maxLength: 3 }), fc.constantFrom(-1, 0, 0, 0, 1))
  .map(([all, edge]) => start + all.reduce((sum, one) => sum + length(one), 0) + edge);

const x = fc.constantFrom<unknown>(
  'red',
  'blue',
  '2',
  ' 2 ',
  1,
  2,
  2.5,
  true,
  'TRUE',
  null,
  '',
  ' ',
  ['red', 'blue'],
  [2, 'x'],
  [],
  { y: 1 },
);
const price = fc.constantFrom<unknown>(1, 2.5, '5', '-1.25', 'free', null, [1, 2]);
const properties = fc.record(
  {
    x,
    price,
    deep: fc.oneof(
      x.map((value) => ({ x: value })),
      fc.constant([{ x: 1 }, { x: 'red' }]),
    ),
  },
  { requiredKeys: [] },
);

const event = fc.record({ at: time, name: fc.constantFrom('A', 'A', 'B', 'B', 'C', 'D'), properties });
const events = fc
  .array(event, { minLength: 3, maxLength: 14 })
  .map((all): Happened[] => all.map((one, n) => ({ ...one, mark: `m${String.fromCharCode(97 + n)}` })));

/** What a profile has besides events. */
const facts = fc.record({
  traits: fc.record(
    {
      ...{ plan: x, score: price, deep: x.map((value) => ({ x: value })) },
      date: fc.oneof(
        time.map((at) => new Date(at).toISOString()),
        fc.constantFrom('never', null),
        fc.array(time.map((at) => new Date(at).toISOString())),
      ),
      birthday: fc.constantFrom('1990-03-28', '03-30', '--04-02', '2000-02-29', 'no', 7),
    },
    { requiredKeys: [] },
  ),
  since: time,
  granted: fc.record({ ads: fc.boolean(), mail: fc.boolean() }, { requiredKeys: [] }) as fc.Arbitrary<
    Record<string, boolean>
  >,
  identifiers: fc.subarray(['email', 'phone']),
  accounts: fc.array(fc.record({ plan: x, score: price }, { requiredKeys: [] }), { maxLength: 2 }),
}) as fc.Arbitrary<Omit<Person, 'events'>>;

/** What happens: a profile takes an event in, or two become one. */
export type Step = { readonly do: 'take' | 'merge'; readonly a: number; readonly b: number };
const step = fc.record({
  do: fc.constantFrom('take' as const, 'take' as const, 'take' as const, 'merge' as const),
  a: fc.nat(99),
  b: fc.nat(99),
});

export const lives = fc.record({
  events,
  facts,
  steps: fc.array(step, { minLength: 12, maxLength: 40 }),
  nows: fc.array(time, { minLength: 1, maxLength: 2 }),
  times: fc.array(time, { maxLength: 12 }),
});
