import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleOf } from '../../../lambdas/core/config/purposes.ts';
import { gppOptOuts, Purpose } from '../../../lambdas/core/consent/purpose.ts';
import { saidIn } from '../../../lambdas/core/consent/said-in.ts';
import { isAllowed } from '../../../lambdas/core/consent/standing.ts';
import type { Rule } from '../../../lambdas/core/segments/language/rule.ts';
import { sharedCases } from '../../fixtures/shared-rules.ts';
import { ask } from '../segments/evaluation/ask.ts';

type Answers = Readonly<Record<string, boolean>>;

it.each(sharedCases<object, Answers>('consent/said'))('reads in an event: $name', ({ input, expected }) =>
  expect(Object.fromEntries(saidIn(input))).toEqual(expected),
);

interface Asked {
  readonly purpose: object;
  readonly rule: Rule;
  readonly said: Answers;
}

describe('a purpose', () => {
  it.each(sharedCases<Asked, boolean>('consent/purposes'))('$name', ({ input, expected }) => {
    const purpose = Purpose.parse(input.purpose);
    expect(ruleOf(purpose)).toEqual(input.rule);
    expect(isAllowed(purpose, (category) => input.said[category])).toBe(expected);
    expect(ask(input.rule, [], 0, { consentOf: (category) => input.said[category] })).toEqual([expected, undefined]);
  });

  const purposes = fc
    .record(
      {
        key: fc.constant('a'),
        name: fc.constant('A'),
        kind: fc.constantFrom('sale_or_share', 'profiling', 'other'),
        default: fc.constantFrom('granted', 'denied'),
        categories: fc.uniqueArray(fc.constantFrom('a', 'b', 'sale_or_share'), { minLength: 1 }),
        tcf: fc.uniqueArray(fc.constantFrom(1, 2), { minLength: 1 }),
        gpp: fc.uniqueArray(fc.constantFrom(...gppOptOuts), { minLength: 1 }),
      },
      { requiredKeys: ['key', 'name'] },
    )
    .map((purpose) => Purpose.parse(purpose));
  const categories = ['a', 'b', 'sale_or_share', '@gpc', '@tcf:1', '@tcf:2', '@gpp:sale', '@gpp:sharing'];
  const answers = fc.dictionary(fc.constantFrom(...categories), fc.boolean());

  it('is decided alike by the rule that segments hold, and a further no grants nothing', () =>
    fc.assert(
      fc.property(purposes, answers, fc.constantFrom(...categories), (purpose, said, category) => {
        const consentOf = (asked: string) => said[asked];
        const allowed = isAllowed(purpose, consentOf);
        expect(ask(ruleOf(purpose), [], 0, { consentOf })[0]).toBe(allowed);
        const stricter = isAllowed(purpose, (asked) => (asked === category ? false : said[asked]));
        expect(stricter && !allowed).toBe(false);
      }),
    ));
});
