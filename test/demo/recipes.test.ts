import { beforeAll, describe, expect, it } from 'vitest';
import { config as example } from '../../cdp.config.ts';
import { recipes } from '../../cdp.recipes.ts';
import { CdpConfig } from '../../lambdas/core/config/config.ts';
import type { Delivered } from '../../local/demo/findings/deliveries.ts';
import { checkedRecipes } from '../../local/demo/findings/own-changes.ts';
import {
  type Followed,
  type Membership,
  membershipsOf,
  newsOf,
  recipeCounts,
  recipeDifferences,
} from '../../local/demo/findings/recipes.ts';
import { inventNewcomers } from '../../local/demo/shop/newcomers.ts';
import { seededRandom } from '../../local/demo/shop/random.ts';
import { playInMemory, receiptDay } from './shop-in-memory.ts';

const keys = new Set(recipes.segments.map(({ key }) => key));
const soon = 40_000;
const newcomers = inventNewcomers(receiptDay, soon, seededRandom(1));
const phases = [
  {
    title: 'Newcomers',
    after: 'nothing' as const,
    requests: newcomers.map(({ calls }) => ({ sender: 'shop-backend' as const, calls })),
  },
];
const everybody = newcomers.map(
  ({ userId, calls, turnsAt }): Followed => ({ who: userId, calls, from: receiptDay, turnsAt, isNewcomer: true }),
);
const told = ({ followed, recipe, ...membership }: Membership): Delivered[] =>
  newsOf({ followed, recipe, ...membership }).map((change, n) => ({
    ...{ who: followed.who, segment: recipe, change, body: {} },
    messageId: `${followed.who} ${recipe} ${change}`,
    receivedAt: n,
  }));

/** Memberships as stitch decides them of calls that are received then, and the news that they must bring. */
async function memberships(until: number): Promise<Membership[]> {
  const { profiles, lake } = await playInMemory({ phases }, until);
  const measured = { live: profiles.live, lake: lake.people };
  const silent = membershipsOf(everybody, keys, until, { ...measured, deliveries: [] });
  return membershipsOf(everybody, keys, until, { ...measured, deliveries: silent.flatMap(told) });
}

describe('the recipes in plain code', () => {
  it.each([
    { when: 'when the calls come', until: receiptDay },
    { when: 'a millisecond before people turn', until: receiptDay + soon - 1 },
    { when: 'at the very millisecond', until: receiptDay + soon },
    { when: 'half an hour later', until: receiptDay + 1_800_000 },
  ])('are what stitch decides $when', async ({ until }) => {
    const found = await memberships(until);
    expect(recipeDifferences(found)).toEqual([]);
    expect(found).toHaveLength(10 * newcomers.length);
  });
});

describe('the stories', () => {
  let counts: ReturnType<typeof recipeCounts>;
  let found: Membership[];
  beforeAll(async () => {
    found = await memberships(receiptDay + soon);
    counts = recipeCounts(found);
  });

  it('bring members and others to each recipe', () => {
    expect(counts.map(({ recipe }) => recipe)).toEqual([...keys]);
    for (const { expected, recipe } of counts) {
      expect(expected, recipe).toBeGreaterThanOrEqual(3);
      expect(expected, recipe).toBeLessThan(newcomers.length / 2);
    }
  });

  it('let people enter and exit by themselves, in each recipe that can within the demo', () => {
    const still = counts.filter(({ turned }) => turned === 0).map(({ recipe }) => recipe);
    expect(still).toEqual(['birthday', 'first_purchase_this_week']);
    const changes = new Set(found.filter(({ was, is }) => was !== is).map(({ is }) => is));
    expect(changes).toEqual(new Set([true, false]));
  });

  it.each<{ name: string; change: (one: Membership) => Membership; says: RegExp }>([
    {
      name: 'a missing member',
      change: (one) => ({ ...one, inTable: !one.inTable }),
      says: /^\S+ must be in .* table$/,
    },
    {
      name: 'another answer of the lake',
      change: (one) => ({ ...one, inLake: !one.inLake }),
      says: /must be in .* lake$/,
    },
    {
      name: 'an entry untold',
      change: (one) => ({ ...one, news: [] }),
      says: /must receive "entered", and received ""/,
    },
    {
      name: 'an entry told twice',
      change: (one) => ({ ...one, news: [...one.news, ...one.news] }),
      says: /and received "entered, entered"/,
    },
  ])('would be found to have $name', ({ change, says }) => {
    const member = found.findIndex(({ was, is }) => was && is);
    const wrong = found.map((one, n) => (n === member ? change(one) : one));
    expect(recipeDifferences(wrong)).toEqual([expect.stringMatching(says)]);
  });

  it('say nothing of a window that runs out for somebody while the demo runs', () => {
    const member = found.findIndex(({ followed, was, is }) => followed.turnsAt === undefined && was && is);
    const unforeseen = found.map((one, n) => (n === member ? { ...one, is: false } : one));
    expect(recipeDifferences(unforeseen)).toEqual([]);
  });
});

describe("what is the user's own is left out and told", () => {
  const config = CdpConfig.parse(example);
  const checkedWith = (changes: Partial<typeof config>) => {
    const checked = checkedRecipes({ ...config, ...changes });
    return { left: [...keys].filter((key) => !checked.keys.has(key)), told: checked.told };
  };

  it.each<{ name: string; changes: Partial<typeof config>; left: string[]; told: string[] }>([
    { name: 'nothing', changes: {}, left: [], told: [] },
    {
      name: 'a recipe that is gone',
      changes: { segments: config.segments.filter(({ key }) => key !== 'birthday') },
      left: ['birthday'],
      told: ['segment birthday is not in cdp.config.ts'],
    },
    {
      name: 'another zone',
      changes: { segments: config.segments.map((one) => (one.key === 'birthday' ? { ...one, zone: 'UTC' } : one)) },
      left: ['birthday'],
      told: ['segment birthday has another condition in cdp.config.ts'],
    },
    {
      name: 'another computed trait',
      changes: { traits: [] },
      left: ['vips'],
      told: ["the recipes' trait revenue_90d is not in cdp.config.ts as it was"],
    },
    {
      name: 'no destination',
      changes: { destinations: [] },
      left: [...keys],
      told: [...keys].map((key) => `segment ${key} has no destination`),
    },
  ])('$name', ({ changes, left, told }) => expect(checkedWith(changes)).toEqual({ left, told }));
});
