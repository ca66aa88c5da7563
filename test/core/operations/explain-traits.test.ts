import { expect, it } from 'vitest';
import type { Survivorship } from '../../../lambdas/core/lake/survivorship.ts';
import { explainTraits } from '../../../lambdas/core/operations/explain-traits.ts';
import { newProfile } from '../../../lambdas/core/profile/profile.ts';
import { joinStated } from '../../../lambdas/core/profile/surviving-trait.ts';
import { type Trait, traitOf } from '../../../lambdas/core/profile/trait.ts';
import { eventOf, minute } from '../../fixtures/events.ts';

type Said = readonly [source: string, at: number, value: unknown];
const rules: Survivorship = { email: { keep: 'most_trusted', sources: ['crm', 'shop'] } };

function explained(said: readonly Said[], survivorship: Survivorship = rules, name = 'email') {
  const trait = said
    .map(([sourceId, at, value]) => traitOf(value, { timestamp: minute(at), messageId: `m${at}`, sourceId }))
    .reduce<Trait | undefined>((all, one) => joinStated(all, one, name, rules), undefined) as Trait;
  const profile = { ...newProfile('p', eventOf({})), traits: new Map([[name, trait]]) };
  return explainTraits(profile, survivorship);
}

interface Case {
  readonly name: string;
  readonly trait?: string;
  readonly said: readonly Said[];
  readonly source: string;
  readonly rule: string;
}

const [trusted, next] = ['the most trusted source', 'crm has no value'];
const none = 'the last statement, because none of crm, shop has a value';
const cases: readonly Case[] = [
  { name: 'of no rule', trait: 'city', said: [['shop', 1, 'a']], source: 'shop', rule: 'the last statement' },
  {
    name: 'the most trusted',
    said: [
      ['crm', 1, 'a'],
      ['web', 2, 'b'],
    ],
    source: 'crm',
    rule: trusted,
  },
  {
    name: 'the next',
    said: [
      ['crm', 2, null],
      ['shop', 1, 'b'],
    ],
    source: 'shop',
    rule: next,
  },
  {
    name: 'of no named source',
    said: [
      ['web', 1, 'a'],
      ['app', 2, 'b'],
    ],
    source: 'app',
    rule: none,
  },
  {
    name: 'taken back',
    said: [
      ['crm', 1, null],
      ['web', 2, null],
    ],
    source: 'web',
    rule: 'all sources took it back',
  },
];

it.each(cases)('it is said whose statement survives: $name', ({ said, source, rule, trait = 'email' }) =>
  expect(explained(said, rules, trait)).toMatchObject([{ source, rule }]),
);

it('what other sources said is there, and no value', () => {
  const told = explained([
    ['crm', 1, 'ann@x.org'],
    ['shop', 2, 'eve@x.org'],
    ['web', 3, null],
  ]);
  expect(told).toEqual([
    {
      ...{ trait: 'email', source: 'crm', said: minute(1), messageId: 'm1', state: 'value' },
      rule: 'the most trusted source',
      others: [
        { source: 'shop', said: minute(2), messageId: 'm2', state: 'value' },
        { source: 'web', said: minute(3), messageId: 'm3', state: 'removed' },
      ],
    },
  ]);
});

it('a profile that was written by other rules is explained by those of today', () => {
  const swapped: Survivorship = { email: { keep: 'most_trusted', sources: ['shop', 'crm'] } };
  expect(
    explained(
      [
        ['crm', 1, 'a'],
        ['shop', 2, 'b'],
      ],
      swapped,
    ),
  ).toMatchObject([{ source: 'shop' }]);
});
