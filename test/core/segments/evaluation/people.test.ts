import { describe, expect, it } from 'vitest';
import { flipsAt, holds, traitValue } from '../../../../lambdas/core/segments/evaluation/evaluate.ts';
import type { Known } from '../../../../lambdas/core/segments/evaluation/known.ts';
import { list, sum } from '../../../../lambdas/core/segments/language/compute.ts';
import type { Zone } from '../../../../lambdas/core/segments/language/definitions.ts';
import { did } from '../../../../lambdas/core/segments/language/events.ts';
import {
  account,
  all,
  any,
  consent,
  identifier,
  inSegment,
  knownFor,
  not,
  sample,
  trait,
} from '../../../../lambdas/core/segments/language/people.ts';
import type { Rule } from '../../../../lambdas/core/segments/language/rule.ts';
import { compile } from '../../../../lambdas/core/segments/program/compile.ts';
import { ask, day, hour, knownBy, minute, nobody, start } from './ask.ts';

const H = hour;
const at = (text: string): number => Date.parse(text) - start;
const withTraits = (traits: Record<string, unknown>): Partial<Known> => ({ traitOf: (name) => traits[name] });
const german = 'Europe/Berlin';
const own: Zone = { trait: 'zone', default: german };

interface Case {
  readonly name: string;
  readonly rule: Rule;
  readonly now?: number;
  readonly facts?: Partial<Known>;
  readonly zone?: Zone;
  readonly events?: readonly number[];
  readonly truth: boolean;
  readonly flip?: number;
}

describe('dates of traits', () => {
  const soon = trait('ends').inNext('1h');
  const lately = trait('signed_up').within('1h');
  const at5 = new Date(start + 5).toISOString();
  it.each<Case>([
    { name: 'comes too late', rule: soon, now: 4 - H, facts: withTraits({ ends: at5 }), truth: false, flip: 5 - H },
    { name: 'comes in time', rule: soon, now: 5 - H, facts: withTraits({ ends: at5 }), truth: true, flip: 5 },
    { name: 'has come', rule: soon, now: 5, facts: withTraits({ ends: at5 }), truth: false },
    { name: 'was just now', rule: lately, now: 5, facts: withTraits({ signed_up: at5 }), truth: true, flip: H + 5 },
    {
      name: 'is to come, and then was',
      rule: lately,
      now: 4,
      facts: withTraits({ signed_up: at5 }),
      truth: false,
      flip: 5,
    },
    { name: 'was so long ago', rule: lately, now: H + 5, facts: withTraits({ signed_up: at5 }), truth: false },
    {
      name: 'is in seconds since 1970',
      rule: lately,
      now: 0,
      facts: withTraits({ signed_up: start / 1000 }),
      truth: true,
      flip: H,
    },
    { name: 'is no date', rule: lately, facts: withTraits({ signed_up: 'soon' }), truth: false },
    { name: 'is null', rule: lately, facts: withTraits({ signed_up: null }), truth: false },
    {
      name: 'is one of a list',
      rule: lately,
      facts: withTraits({ signed_up: ['soon', at5] }),
      now: 5,
      truth: true,
      flip: H + 5,
    },
    {
      name: 'is a day, which begins in the zone',
      rule: trait('on').within('12h'),
      zone: german,
      facts: withTraits({ on: '2026-03-28' }),
      now: at('2026-03-28T10:59:59.999Z'),
      truth: true,
      flip: -H,
    },
  ])('$name', ({ rule, facts, zone, now = 0, truth, flip }) =>
    expect(ask(rule, [], now, facts, zone)).toEqual([truth, flip]),
  );
});

describe('an anniversary', () => {
  const today = trait('birthday').anniversary();
  const born = (birthday: unknown) => withTraits({ birthday });
  const next = (text: string) => at(text);
  it.each<Case>([
    {
      name: 'is today',
      rule: today,
      zone: german,
      facts: born('1990-03-28'),
      truth: true,
      flip: next('2026-03-28T23:00:00Z'),
    },
    {
      name: 'is tomorrow, when the clocks go forward',
      rule: today,
      zone: german,
      facts: born('1990-03-29'),
      truth: false,
      flip: next('2026-03-28T23:00:00Z'),
    },
    {
      name: 'ends an hour early that day',
      rule: today,
      zone: german,
      facts: born('1990-03-29'),
      now: 11 * H,
      truth: true,
      flip: next('2026-03-29T22:00:00Z'),
    },
    { name: 'has no year', rule: today, facts: born('--03-28'), truth: true, flip: next('2026-03-29T00:00:00Z') },
    {
      name: 'of the 29th of February is the 28th',
      rule: today,
      facts: born('2000-02-29'),
      truth: false,
      flip: next('2027-02-28T00:00:00Z'),
    },
    {
      name: 'is in a week',
      rule: trait('birthday').anniversary(0, 7),
      facts: born('04-04'),
      truth: true,
      flip: next('2026-04-05T00:00:00Z'),
    },
    {
      name: 'is in more than a week',
      rule: trait('birthday').anniversary(0, 7),
      facts: born('04-05'),
      truth: false,
      flip: next('2026-03-29T00:00:00Z'),
    },
    { name: 'is no date', rule: today, facts: born('in spring'), truth: false },
  ])('$name', ({ rule, facts, zone, now = 0, truth, flip }) =>
    expect(ask(rule, [], now, facts, zone)).toEqual([truth, flip]),
  );
});

describe('days of the calendar', () => {
  const today = did('A').today();
  const midnight = at('2026-03-28T23:00:00Z');
  it.each<Case>([
    { name: 'end at midnight of the zone', rule: today, zone: german, events: [0], truth: true, flip: midnight },
    { name: 'are over then', rule: today, zone: german, events: [0], now: midnight, truth: false },
    {
      name: 'are short when the clocks go forward',
      rule: today,
      zone: german,
      events: [midnight],
      now: midnight,
      truth: true,
      flip: midnight + 23 * H,
    },
    {
      name: 'are three, with today',
      rule: did('A').lastDays(3),
      zone: german,
      events: [0],
      truth: true,
      flip: midnight + 47 * H,
    },
    {
      name: 'are a week that ends on Sunday',
      rule: did('A').lastWeeks(1),
      zone: german,
      events: [0],
      truth: true,
      flip: midnight + 23 * H,
    },
    { name: 'are a month', rule: did('A').lastMonths(1), events: [0], truth: true, flip: at('2026-04-01T00:00:00Z') },
    {
      name: "are the person's own",
      rule: today,
      zone: own,
      facts: withTraits({ zone: 'America/New_York' }),
      events: [0],
      truth: true,
      flip: at('2026-03-29T04:00:00Z'),
    },
    { name: 'are the default of who has none', rule: today, zone: own, events: [0], truth: true, flip: midnight },
    {
      name: 'are the default of who names no zone',
      rule: today,
      zone: own,
      facts: withTraits({ zone: 'Mars' }),
      events: [0],
      truth: true,
      flip: midnight,
    },
    {
      name: 'begin later where there is no midnight',
      rule: today,
      zone: 'Africa/Cairo',
      events: [at('2026-04-23T12:00:00Z')],
      now: at('2026-04-23T12:00:00Z'),
      truth: true,
      flip: at('2026-04-23T22:00:00Z'),
    },
  ])('$name', ({ rule, facts, zone, events = [], now = 0, truth, flip }) =>
    expect(
      ask(
        rule,
        events.map((event) => [event] as const),
        now,
        facts,
        zone,
      ),
    ).toEqual([truth, flip]),
  );
});

describe('what else is known', () => {
  const accounts = [{ plan: 'free' }, { plan: 'pro' }].map((traits) => (name: string) => traits[name as 'plan']);
  const said = (granted: boolean | undefined): Partial<Known> => ({ consentOf: () => granted });
  it.each<Case>([
    { name: 'for less time', rule: knownFor('1h'), now: H - 1, truth: false, flip: H },
    { name: 'for that time', rule: knownFor('1h'), now: H, truth: true },
    { name: 'a yes', rule: consent('ads').granted(), facts: said(true), truth: true },
    { name: 'a no, which is no yes', rule: consent('ads').granted(), facts: said(false), truth: false },
    { name: 'a no', rule: consent('ads').denied(), facts: said(false), truth: true },
    { name: 'silence, which is no no', rule: consent('ads').denied(), facts: said(undefined), truth: false },
    { name: 'silence', rule: consent('ads').unknown(), facts: said(undefined), truth: true },
    {
      name: 'an identifier',
      rule: identifier('email').exists(),
      facts: { hasIdentifier: (type) => type === 'email' },
      truth: true,
    },
    {
      name: 'another identifier',
      rule: identifier('phone').missing(),
      facts: { hasIdentifier: (type) => type === 'email' },
      truth: true,
    },
    { name: 'an account of several', rule: account(trait('plan').equals('pro')), facts: { accounts }, truth: true },
    { name: 'none of the accounts', rule: account(trait('plan').equals('huge')), facts: { accounts }, truth: false },
    { name: 'no account', rule: account(trait('plan').missing()), facts: {}, truth: false },
    {
      name: 'a whole that no part can change any more',
      rule: any(did('A'), did('A').within('1h')),
      events: [0],
      truth: true,
    },
    {
      name: 'parts that change at once and leave the whole',
      rule: any(did('A').within('1h'), not(did('A').within('1h'))),
      events: [0],
      truth: true,
    },
    {
      name: 'the later of two changes',
      rule: any(did('A').within('1h'), knownFor('2h')),
      events: [0],
      now: H,
      truth: false,
      flip: 2 * H,
    },
    {
      name: 'nested traits',
      rule: all(trait('address.country').equals('DE'), trait('tags').contains('vip')),
      facts: withTraits({ address: { country: 'DE' }, tags: ['vip'] }),
      truth: true,
    },
  ])('$name', ({ rule, facts, events = [], now = 0, truth, flip }) =>
    expect(
      ask(
        rule,
        events.map((event) => [event] as const),
        now,
        facts,
      ),
    ).toEqual([truth, flip]),
  );

  it('is drawn by chance, always the same, apart for each salt, and as many as were asked for', () => {
    const drawn = (salt: string, n: number) => ask(sample(salt, 10), [], 0, { profileId: `person-${n}` })[0];
    const all = Array.from({ length: 5000 }, (_, n) => [drawn('spring', n), drawn('autumn', n)] as const);
    const share = (test: (one: readonly [boolean, boolean]) => boolean) => all.filter(test).length / all.length;
    expect(share(([one]) => one)).toBeCloseTo(0.1, 1);
    expect(Math.abs(share(([one]) => one) - 0.1)).toBeLessThan(0.02);
    expect(Math.abs(share(([one, other]) => one && other) - 0.01)).toBeLessThan(0.01);
    expect(drawn('spring', 1)).toBe(drawn('spring', 1));
  });
});

describe('segments of segments, and computed traits', () => {
  const { program } = compile({
    segments: [
      { key: 'today', name: 'Today', zone: german, where: did('A').today() },
      { key: 'not_today', name: 'Not today', zone: 'UTC', where: not(inSegment('today')) },
      { key: 'spent', name: 'Spent', where: trait('spent').atLeast(10) },
    ],
    traits: [
      { key: 'spent', compute: sum('A', 'x').within('1h') },
      { key: 'colours', compute: list('A', 'colour') },
    ],
  });
  const known = knownBy(program, [
    [0, 'A', { x: '7.5', colour: ['red', 'green'] }],
    [minute, 'A', { x: 2.5, colour: 'red' }],
  ]);

  it('are asked in their own zone', () => {
    expect(holds(program, 'not_today', known, start)).toBe(false);
    expect(flipsAt(program, 'not_today', known, start)).toBe(Date.parse('2026-03-28T23:00:00Z'));
  });

  it('are read as traits', () => {
    expect([holds(program, 'spent', known, start + minute), flipsAt(program, 'spent', known, start + minute)]).toEqual([
      true,
      start + H,
    ]);
    expect([
      traitValue(program, 'spent', known, start + minute),
      traitValue(program, 'spent', known, start + day),
    ]).toEqual([10, 0]);
    expect(traitValue(program, 'colours', known, start + minute)).toEqual(['red', 'green']);
  });

  it('throw where nothing is defined', () => {
    const nothing = { ...nobody, aggregates: new Map(), clock: 0 };
    expect(() => holds(program, 'nothing', nothing, 0)).toThrow('no segment has the key nothing');
    expect(() => traitValue(program, 'nothing', nothing, 0)).toThrow('no computed trait has the key nothing');
  });
});
