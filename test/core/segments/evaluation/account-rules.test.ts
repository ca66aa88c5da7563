import { describe, expect, it } from 'vitest';
import { flipsAt, holds } from '../../../../lambdas/core/segments/evaluation/evaluate.ts';
import type { SegmentDefinition } from '../../../../lambdas/core/segments/language/definitions.ts';
import { Rule } from '../../../../lambdas/core/segments/language/rule.ts';
import { compile } from '../../../../lambdas/core/segments/program/compile.ts';
import { sharedCases } from '../../../fixtures/shared-rules.ts';
import { nobody, start } from './ask.ts';

type Traits = Readonly<Record<string, unknown>>;

interface Input {
  readonly rule: unknown;
  readonly accounts: readonly { readonly traits: Traits; readonly segments: readonly string[] }[];
  readonly traits?: Traits;
  readonly zone?: SegmentDefinition['zone'];
  readonly now: number;
}

const firms = ['large', 'busy'].map((key) => ({
  ...{ key, name: key, of: 'accounts' as const, where: { trait: key, operator: 'exists' as const } },
}));
const traits = [{ key: 'times', compute: { kind: 'count' as const, event: 'A' } }];

describe('a condition on accounts', () => {
  it.each(sharedCases<Input, { readonly holds: boolean; readonly flip?: number }>('segments/accounts'))(
    '$name',
    ({ input, expected }) => {
      const where = Rule.parse(input.rule);
      const { program, flaws } = compile({
        segments: [{ key: 's', name: 'S', zone: input.zone, where }, ...firms],
        traits,
      });
      expect(flaws).toEqual([]);
      const known = {
        ...{ ...nobody, aggregates: new Map(), clock: 0, traitOf: (name: string) => input.traits?.[name] },
        accounts: input.accounts.map(({ traits: said, segments }) => ({
          traitOf: (name: string) => said[name],
          memberOf: (key: string) => segments.includes(key),
        })),
      };
      const flip = flipsAt(program, 's', known, start + input.now);
      expect({ holds: holds(program, 's', known, start + input.now), flip: flip && flip - start }).toEqual({
        flip: undefined,
        ...expected,
      });
    },
  );
});
