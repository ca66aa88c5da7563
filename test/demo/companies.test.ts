import { beforeAll, describe, expect, it } from 'vitest';
import { config as example } from '../../cdp.config.ts';
import { companies as definitions } from '../../cdp.recipes.ts';
import { CdpConfig } from '../../lambdas/core/config/config.ts';
import { companyMemberships } from '../../local/demo/findings/companies.ts';
import { checkedCompanies } from '../../local/demo/findings/own-changes.ts';
import { type Membership, newsOf, recipeCounts, recipeDifferences } from '../../local/demo/findings/recipes.ts';
import { inventCompanies } from '../../local/demo/shop/companies.ts';
import { seededRandom } from '../../local/demo/shop/random.ts';
import { playInMemory, receiptDay } from './shop-in-memory.ts';

const soon = 40_000;
const keys = definitions.segments.map(({ key }) => key);
const companies = inventCompanies(receiptDay, soon, seededRandom(1));
const phases = [
  {
    title: 'Companies',
    after: 'nothing' as const,
    requests: companies.map(({ calls }) => ({ sender: 'shop-backend' as const, calls })),
  },
];

/** Memberships as stitch and tend decide them, with the news that they bring, and by plain code. */
async function memberships(wokenAt: number): Promise<Membership[]> {
  const { profiles, lake, deliveries } = await playInMemory({ phases }, receiptDay, wokenAt);
  const measured = { live: profiles.live, lake: lake.people, deliveries };
  return companyMemberships(companies, receiptDay, wokenAt, measured);
}

describe('what the example says of companies', () => {
  it.each([
    { when: 'when people have been woken', wokenAt: receiptDay + 2_000, turned: 0 },
    { when: 'a second before companies turn', wokenAt: receiptDay + soon - 1_000, turned: 0 },
    { when: 'when they turn', wokenAt: receiptDay + soon, turned: 2 },
    { when: 'half an hour later', wokenAt: receiptDay + 1_800_000, turned: 2 },
  ])('is in plain code what stitch and tend decide, $when', async ({ wokenAt, turned }) => {
    const found = await memberships(wokenAt);
    expect(recipeDifferences(found)).toEqual([]);
    const counts = recipeCounts(found);
    expect(counts.map(({ recipe }) => recipe)).toEqual(keys);
    expect(counts[0]?.turned).toBe(turned);
    console.log(counts.map(({ recipe, expected, turned }) => `${recipe}: ${expected}, ${turned} turned`).join('\n'));
  });
});

describe('the stories of companies', () => {
  let found: Membership[];
  beforeAll(async () => {
    found = await memberships(receiptDay + soon);
  });

  it('bring members and others, buyers of one company of two among them, and some by themselves', () => {
    const [firms, buyers] = keys.map((key) => found.filter(({ recipe }) => recipe === key)) as [
      Membership[],
      Membership[],
    ];
    expect([firms.length, firms.filter(({ is }) => is).length]).toEqual([12, 6]);
    const inside = buyers.filter(({ is }) => is);
    expect(inside.length).toBeGreaterThan(firms.filter(({ is }) => is).length);
    expect(inside.length).toBeLessThan(buyers.length / 2);
    const borrowed = inside.filter(({ followed: { who, calls } }) => {
      const own = companies.find(({ people }) => people.some(({ userId }) => userId === who));
      const firm = firms.find(({ followed }) => followed.who === own?.groupId);
      return firm?.is === false && calls.filter(({ type }) => type === 'group').length === 2;
    });
    expect(borrowed.length).toBeGreaterThan(0);
    expect(inside.some(({ was }) => !was)).toBe(true);
  });

  it('would be found to differ by a member who is missing, and by news that are', () => {
    const member = found.findIndex(({ recipe, is }) => recipe === 'lapsed_companies' && is);
    const wrong = (change: Partial<Membership>) => found.map((one, n) => (n === member ? { ...one, ...change } : one));
    expect(recipeDifferences(wrong({ inTable: false }))).toEqual([
      expect.stringMatching(/^company-\d+ must be in lapsed_companies in the table$/),
    ]);
    expect(found[member] && newsOf(found[member])).toEqual(['entered']);
    expect(recipeDifferences(wrong({ news: [] }))).toEqual([
      expect.stringMatching(/^of company-\d+ .* must receive "entered", and received ""$/),
    ]);
  });
});

describe("what is the user's own is left out and told", () => {
  const config = CdpConfig.parse(example);
  it.each<{ name: string; changes: Partial<typeof config>; told: string[] }>([
    { name: 'nothing', changes: {}, told: [] },
    {
      name: 'a set of people in place of companies',
      changes: { segments: config.segments.map((one) => (one.key === keys[0] ? { ...one, of: 'people' } : one)) },
      told: ['segment lapsed_companies has another condition in cdp.config.ts'],
    },
    {
      name: 'no computed trait',
      changes: { traits: config.traits.filter(({ of }) => of !== 'accounts') },
      told: ["the recipes' trait company_revenue is not in cdp.config.ts as it was"],
    },
  ])('$name', ({ changes, told }) => {
    const checked = checkedCompanies({ ...config, ...changes });
    expect(checked.told).toEqual(told);
    expect([...checked.keys]).toEqual(told.length === 0 ? keys : []);
  });
});
