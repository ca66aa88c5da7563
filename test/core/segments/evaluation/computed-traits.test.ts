import { expect, it } from 'vitest';
import { traitValue } from '../../../../lambdas/core/segments/evaluation/evaluate.ts';
import { ComputedTrait, type Zone } from '../../../../lambdas/core/segments/language/definitions.ts';
import { compile } from '../../../../lambdas/core/segments/program/compile.ts';
import { sharedCases } from '../../../fixtures/shared-rules.ts';
import { knownBy, type Row, start } from './ask.ts';

interface Asked {
  readonly compute: ComputedTrait['compute'];
  readonly zone: Zone;
  readonly events: readonly Row[];
  readonly now: number;
}

it.each(sharedCases<Asked, unknown>('segments/traits'))(
  'a computed trait is $name',
  ({ input: { compute, zone, events, now }, expected }) => {
    const trait = ComputedTrait.parse({ key: 't', zone, compute });
    const { program, flaws } = compile({ segments: [], traits: [trait] });
    expect(flaws).toEqual([]);
    expect(traitValue(program, 't', knownBy(program, events), start + now) ?? null).toEqual(expected);
  },
);
