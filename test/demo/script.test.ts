import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Truth, truthOf } from '../../local/demo/findings/truth.ts';
import { readOrdersFile } from '../../local/demo/shop/orders-file.ts';
import { type Random, seededRandom } from '../../local/demo/shop/random.ts';
import { type Script, writeScript } from '../../local/demo/shop/script.ts';
import { stitchByHand } from './stitched-by-hand.ts';

const now = new Date('2026-03-14T15:09:26Z');
let orders: string;
let script: Script;
let truth: Truth;

beforeAll(async () => {
  orders = await readOrdersFile();
  script = writeScript({ orders, now, seed: 1 });
  truth = truthOf(script);
});

const calls = (of: Script) => of.phases.flatMap(({ requests }) => requests.flatMap((request) => request.calls));

describe('the script', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(writeScript({ orders, now, seed: 1 })).toEqual(script);
    expect(calls(writeScript({ orders, now, seed: 2 }))).not.toEqual(calls(script));
  });

  it('holds every order of the file once, for the amount in the file', () => {
    const rows = orders
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    const placed = new Map(
      calls(script).flatMap((call) =>
        call.type === 'track' && call.event === 'Order Completed' ? [[call.messageId, call] as const] : [],
      ),
    );
    const spent = Map.groupBy(placed.values(), ({ userId }) => userId);
    const inFile = Map.groupBy(rows, ([, customer]) => `customer-${customer}`);
    expect([placed.size, inFile.size]).toEqual([6919, 2357]);
    for (const [customer, lines] of inFile) {
      const revenue = (spent.get(customer) ?? []).reduce((sum, { properties }) => sum + Number(properties.revenue), 0);
      expect(revenue).toBeCloseTo(
        lines.reduce((sum, [, , , , amount]) => sum + Number(amount), 0),
        6,
      );
    }
  });

  it('places the last order yesterday and nothing in the future', () => {
    const lastOrder = Math.max(...script.people.map((person) => person.orders.at(-1)?.at ?? 0));
    expect(new Date(lastOrder).toISOString().slice(0, 10)).toBe('2026-03-13');
    expect(calls(script).filter(({ at }) => at >= Date.parse('2026-03-14T00:00:00Z') && at > now.getTime())).toEqual(
      [],
    );
  });

  it.each([
    ['share a device', ({ people }: Script) => people.filter(({ lender }) => lender)],
    ['have two addresses', ({ people }: Script) => people.filter(({ laterEmail }) => laterEmail)],
    ['come back on a second device', ({ people }: Script) => people.filter(({ secondDevice }) => secondDevice)],
    ['unsubscribe', ({ people }: Script) => people.filter(({ unsubscribes }) => unsubscribes)],
    ['are spoken of by a late message', ({ people }: Script) => people.filter(({ formerEmail }) => formerEmail)],
    ['never say who they are', ({ visitors }: Script) => visitors],
  ])('has people who %s', (_, found) => expect(found(script).length).toBeGreaterThan(50));

  it('gives nobody the address, number or device of somebody else', () => {
    const ids = [...truth.profiles.values()].flatMap(({ identifiers }) => [...identifiers]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the truth', () => {
  it('has the orders and the money of the file', () => {
    const totals = [...truth.profiles.values()].map(({ traits }) => traits);
    const sum = (trait: string) => totals.reduce((all, traits) => all + Number(traits[trait] ?? 0), 0);
    const inFile = orders
      .trim()
      .split('\n')
      .reduce((all, line) => all + Number(line.trim().split(/\s+/)[4]), 0);
    expect(sum('order_count')).toBe(6919);
    expect(sum('lifetime_value')).toBeCloseTo(inFile, 4);
  });

  it('says of each trait what was said with the latest timestamp', () => {
    const latest = new Map<string, Map<string, { at: number; value: unknown }>>();
    for (const call of calls(script)) {
      if (call.type !== 'identify') continue;
      const traits = latest.get(call.about) ?? new Map<string, { at: number; value: unknown }>();
      latest.set(call.about, traits);
      for (const [name, value] of Object.entries(call.traits))
        if ((traits.get(name)?.at ?? 0) <= call.at) traits.set(name, { at: call.at, value });
    }
    const expected = [...latest].map(([who, traits]) => [
      who,
      Object.fromEntries([...traits].map(([name, { value }]) => [name, value])),
    ]);
    expect(expected).toEqual(expected.map(([who]) => [who, truth.profiles.get(who as string)?.traits]));
  });

  it('leaves members who entered and did not exit', () => {
    const members = [...truth.profiles].flatMap(([who, { segments }]) =>
      [...segments].map((segment) => `${who} ${segment}`),
    );
    expect(new Set(members)).toEqual(new Set([...truth.entries].filter((entry) => !truth.exits.has(entry))));
    expect([...truth.exits].filter((exit) => !truth.entries.has(exit))).toEqual([]);
  });

  it('keeps every two things that are said of one person apart by more than a clock can be off', () => {
    const stated = Map.groupBy(
      calls(script).filter(({ type }) => type === 'identify'),
      ({ about }) => about,
    );
    const gaps = [...stated.values()].flatMap((of) => {
      const times = [...new Map(of.map(({ messageId, at }) => [messageId, at])).values()].sort((a, b) => a - b);
      return times.slice(1).map((at, index) => at - (times[index] ?? 0));
    });
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(60_000);
  });

  it('is what stitching by hand gives, in whatever order requests arrive between two waits for the profiles', () =>
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (seed, orderSeed) => {
        const random = seededRandom(orderSeed);
        const other = writeScript({ orders, now, seed });
        const phases = startsOf(other.phases).map((from, index, starts) => {
          const requests = other.phases.slice(from, starts[index + 1]).flatMap((phase) => phase.requests);
          return { requests: shuffled(requests, random) };
        });
        const expected = truthOf(other);
        const { groups, merges } = stitchByHand(phases);
        expect(merges).toBe(expected.merges);
        expect(sorted(groups)).toEqual(sorted([...expected.profiles.values()]));
      }),
      { numRuns: 10 },
    ));
});

const sorted = (groups: readonly { identifiers: ReadonlySet<string>; messages: number }[]) =>
  groups.map(({ identifiers, messages }) => `${[...identifiers].sort().join(' ')} ${messages}`).sort();

/** Where the script waits until everything is in profiles, and its beginning. */
const startsOf = (phases: Script['phases']): number[] =>
  phases.flatMap(({ after }, index) => (index === 0 || after === 'everything is in profiles' ? [index] : []));

const shuffled = <T>(values: readonly T[], random: Random): T[] =>
  values
    .map((value) => ({ value, place: random.below(2 ** 30) }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
