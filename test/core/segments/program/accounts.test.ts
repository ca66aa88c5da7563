import { describe, expect, it } from 'vitest';
import { sum } from '../../../../lambdas/core/segments/language/compute.ts';
import { type ComputedTrait, SegmentDefinition } from '../../../../lambdas/core/segments/language/definitions.ts';
import { did } from '../../../../lambdas/core/segments/language/events.ts';
import {
  account,
  all,
  any,
  consent,
  identifier,
  inList,
  inSegment,
  knownFor,
  not,
  sample,
  trait,
} from '../../../../lambdas/core/segments/language/people.ts';
import type { Rule } from '../../../../lambdas/core/segments/language/rule.ts';
import { compile } from '../../../../lambdas/core/segments/program/compile.ts';

const pro = trait('plan').equals('pro');
const segment = (key: string, where: Rule, of?: 'people' | 'accounts'): SegmentDefinition => ({
  ...{ key, name: key, where },
  ...(of && { of }),
});
const [large, known] = [segment('large', pro, 'accounts'), segment('known', pro)];
const traits: ComputedTrait[] = [
  { key: 'spent', compute: sum('Paid', 'amount') },
  { key: 'earned', of: 'accounts', compute: sum('Paid', 'amount') },
];
const told = (...segments: SegmentDefinition[]) =>
  compile({ segments, traits }).flaws.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('a definition of accounts', () => {
  it.each<[string, Rule]>([
    ['a trait', pro],
    ['what happened', did('Paid').atLeast(3).within('30d')],
    ['a computed trait', trait('earned').atLeast(5)],
    ['an identifier', identifier('group_id').exists()],
    ['how long it is known', knownFor('7d')],
    ['another segment of accounts', not(inSegment('large'))],
    ['a list', inList('spring')],
    ['chance', sample('spring', 10)],
  ])('may ask for %s', (_name, where) => expect(told(large, known, segment('s', where, 'accounts'))).toEqual([]));

  it.each<[string, Rule, string]>([
    ['consent', any(consent('ads').granted()), '.any.0: must not ask accounts for consent: only people give it'],
    ['accounts', account(pro), '.account: must not ask an account for its accounts: only people have some'],
    ['a segment of people', not(inSegment('known')), '.not.inSegment: must be a segment of accounts; got "known"'],
    ['a computed trait of people', trait('spent').atLeast(5), '.trait: must not be a computed trait of people'],
    ['no segment at all', inSegment('nope'), ': no segment has the key "nope"; known: large, s'],
  ])('may not ask for %s', (_name, where, flaw) =>
    expect(told(large, known, segment('s', where, 'accounts'))).toEqual([`segments.2.where${flaw}`]),
  );

  it('has its own room, keys and circles', () => {
    const half = (of?: 'accounts') =>
      Array.from({ length: 40 }, (_, n) => segment(`${of ?? 'people'}_${n}`, did(`A${n}`), of));
    expect(told(...half(), ...half('accounts'))).toEqual([]);
    expect(told(segment('a', pro), segment('a', pro, 'accounts'))).toEqual([
      'segments.1.key: must be unique; got "a" again',
    ]);
    expect(told(known, segment('a', not(inSegment('a')), 'accounts'))).toEqual([
      'segments.1.where: must not depend on itself; got a → a',
    ]);
  });

  it('is about people or accounts, and nothing else', () =>
    expect(SegmentDefinition.safeParse({ key: 'a', name: 'A', of: 'users', where: pro }).error?.issues).toMatchObject([
      { path: ['of'], message: 'must be "people" or "accounts"; got a text of 5 characters' },
    ]));
});

describe('a definition of people', () => {
  it.each<[string, Rule]>([
    ['a trait of an account', account(pro)],
    ['a date of an account', account(trait('renewal').inNext('30d'))],
    ['a segment of an account', account(all(inSegment('large'), pro))],
  ])('may ask for %s', (_name, where) => expect(told(large, known, segment('s', where))).toEqual([]));

  it.each<[string, Rule, string]>([
    [
      'a segment of accounts',
      inSegment('large'),
      '.inSegment: must be a segment of people; account(inSegment(…)) asks for one of accounts; got "large"',
    ],
    ['a computed trait of accounts', trait('earned').atLeast(5), '.trait: must not be a computed trait of accounts'],
    [
      'a segment of people within account',
      account(inSegment('known')),
      '.account.inSegment: must be a segment of accounts; known: large; got "known"',
    ],
    [
      'a computed trait within account',
      account(trait('earned').atLeast(5)),
      '.account.trait: must not be a computed trait of accounts, which changes with each event; ask whether the account is in a segment',
    ],
    [
      'accounts of accounts',
      account(account(pro)),
      '.account.account: must not ask an account for its accounts: only people have some',
    ],
    [
      'how long an account is known',
      account(knownFor('1d')),
      ".account: must be about traits and segments only: nothing else is known of a person's accounts",
    ],
  ])('may not ask for %s', (_name, where, flaw) =>
    expect(told(large, known, segment('s', where))).toEqual([`segments.2.where${flaw}`]),
  );

  it('reads what it asks of accounts', () => {
    const { program } = compile({ segments: [large, segment('s', account(all(inSegment('large'), pro)))], traits });
    expect([...(program.segments.get('s')?.reads ?? [])].sort()).toEqual([
      'account segment large',
      'account trait plan',
      'accounts',
    ]);
  });
});
