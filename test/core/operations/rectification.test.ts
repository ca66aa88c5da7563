import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Survivorship } from '../../../lambdas/core/lake/survivorship.ts';
import { planRectification } from '../../../lambdas/core/operations/rectification.ts';
import { joinStated } from '../../../lambdas/core/profile/surviving-trait.ts';
import type { Trait } from '../../../lambdas/core/profile/trait.ts';
import { numRuns } from '../../fixtures/laws.ts';

type Said = Pick<Trait, 'value' | 'sourceId'>;

const trusted: Survivorship = { city: { keep: 'most_trusted', sources: ['erp', 'crm'] } };
const counted = (keep: 'most_frequent' | 'most_complete'): Survivorship => ({ city: { keep } });

const at = (n: number): string => `2026-05-01T00:00:${String(n).padStart(2, '0')}.000Z`;
const statements = (said: readonly Said[], from = 0): Trait[] =>
  said.map((one, n) => ({ ...one, timestamp: at(from), messageId: `m-${String(from * 100 + n).padStart(5, '0')}` }));

/** A profile that the stream has after these statements of its city. */
function profileOf(said: readonly Trait[], rules: Survivorship) {
  const city = said.reduce<Trait | undefined>((trait, one) => joinStated(trait, one, 'city', rules), undefined);
  return { traits: new Map(city === undefined ? [] : [['city', city]]) };
}

const planned = (said: readonly Trait[], to: unknown, rules: Survivorship) =>
  planRectification(profileOf(said, rules), { city: to }, rules);

const inOrder = (...said: readonly Said[]) => said.flatMap((one, n) => statements([one], n));
const shop = { value: 'Bonm', sourceId: 'shop' };
const crm = { value: 'Bon', sourceId: 'crm' };

describe('what a rectification says', () => {
  it.each([
    { name: 'without a rule, by the officer', said: [shop], rules: {}, to: 'Bonn', speakers: ['@privacy'] },
    { name: 'without a value', said: [], rules: trusted, to: 'Bonn', speakers: ['@privacy'], until: ['erp', 'crm'] },
    {
      name: 'as the source that is trusted',
      said: [crm, shop],
      rules: trusted,
      to: 'Bonn',
      speakers: ['crm'],
      until: ['erp', 'crm'],
    },
    {
      name: 'as one that no rule names',
      said: [shop],
      rules: trusted,
      to: 'Bonn',
      speakers: ['shop'],
      until: ['erp', 'crm'],
    },
    {
      name: 'a removal, as each that has a value',
      said: [shop, crm],
      rules: trusted,
      to: null,
      speakers: ['crm', 'shop'],
      until: ['erp', 'crm'],
    },
    {
      name: 'what counts together, after a null',
      said: [shop, shop],
      rules: counted('most_frequent'),
      to: 'Bonn',
      speakers: ['@privacy', '@privacy'],
    },
    {
      name: 'a removal of what counts together',
      said: [shop],
      rules: counted('most_complete'),
      to: null,
      speakers: ['@privacy'],
    },
  ])('$name', ({ said, rules, to, speakers, until }) => {
    const plan = planned(inOrder(...said), to, rules);
    expect(plan.said.map(({ sourceId }) => sourceId).sort()).toEqual(speakers);
    expect(plan.said.at(-1)?.traits).toEqual({ city: to });
    const last = said.at(-1);
    const now = rules === trusted && said.includes(crm) ? crm : last;
    expect(plan.changes).toEqual([
      {
        ...(now && { from: now.value, saidBy: now.sourceId }),
        ...{ trait: 'city', to },
        ...(until && { overwrittenBy: until }),
      },
    ]);
  });

  it('is one call for each source, whatever the number of traits', () => {
    const { said } = planRectification({ traits: new Map() }, { city: 'Bonn', zip: '53111', name: null }, {});
    expect(said).toEqual([{ sourceId: '@privacy', traits: { city: 'Bonn', zip: '53111', name: null } }]);
  });
});

/** What the lake keeps, which has every statement: the rules of the guide, written once more. */
function inTheLake(said: readonly Trait[], rules: Survivorship): unknown {
  const rule = rules.city;
  const ordered = said.toSorted((a, b) => (`${a.timestamp} ${a.messageId}` < `${b.timestamp} ${b.messageId}` ? -1 : 1));
  const rank = ({ sourceId }: Trait) => {
    const place = rule?.keep === 'most_trusted' ? rule.sources.indexOf(sourceId) : -1;
    return place < 0 ? 9 : place;
  };
  const standing = ordered.filter((one, n) => {
    const later = ordered.slice(n).filter(({ value }) => value === null);
    return !later.some(({ sourceId }) => rule?.keep !== 'most_trusted' || sourceId === one.sourceId);
  });
  const weight = (one: Trait): number => {
    if (rule?.keep === 'most_trusted') return -rank(one);
    if (rule?.keep === 'most_frequent') return standing.filter(({ value }) => value === one.value).length;
    return rule?.keep === 'most_complete' ? String(one.value).length : 0;
  };
  return standing.reduce<Trait | undefined>((best, one) => (best && weight(best) > weight(one) ? best : one), undefined)
    ?.value;
}

it.each<Survivorship>([{}, trusted, counted('most_frequent'), counted('most_complete')])(
  'under %j the right value is that of stream and lake, whatever was said before',
  (rules) => {
    const value = fc.constantFrom<unknown>('Bonn', 'Bon', 'Bonn am Rhein', null);
    const said = fc.record({ value, sourceId: fc.constantFrom('erp', 'crm', 'shop', 'app', '@privacy') });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 8 }), fc.constantFrom<unknown>('Bonn', 'B', null), (before, to) => {
        const earlier = inOrder(...before);
        const plan = planned(earlier, to, rules);
        const right = plan.said.map(({ sourceId, traits }) => ({ sourceId, value: traits.city }));
        const all = [...earlier, ...statements(right, 50)];
        expect(profileOf(all, rules).traits.get('city')?.value ?? null).toBe(to);
        expect(inTheLake(all, rules) ?? null).toBe(to);
      }),
      { numRuns: numRuns(400) },
    );
  },
);
