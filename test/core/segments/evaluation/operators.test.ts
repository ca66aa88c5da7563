import { describe, expect, it } from 'vitest';
import type { Known } from '../../../../lambdas/core/segments/evaluation/known.ts';
import type { Zone } from '../../../../lambdas/core/segments/language/definitions.ts';
import type { Rule } from '../../../../lambdas/core/segments/language/rule.ts';
import { sharedCases } from '../../../fixtures/shared-rules.ts';
import { ask, type Row } from './ask.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a person has besides events. */
interface Facts {
  readonly traits?: Fields;
  readonly granted?: Readonly<Record<string, boolean>>;
  readonly identifiers?: readonly string[];
  readonly accounts?: readonly Fields[];
}

const knownOf = ({ traits = {}, granted = {}, identifiers = [], accounts = [] }: Facts): Partial<Known> => ({
  traitOf: (name) => traits[name],
  consentOf: (category) => granted[category],
  hasIdentifier: (type) => identifiers.includes(type),
  accounts: accounts.map((fields) => ({ traitOf: (name: string) => fields[name] })),
});

interface Asked {
  readonly rule: Rule;
  readonly zone?: Zone;
  readonly facts?: Facts;
  readonly events: readonly Row[];
  readonly now: number;
}

describe.each(['operators', 'people'])('%s', (table) => {
  it.each(sharedCases<Asked, { readonly holds: boolean; readonly flip?: number }>(`segments/${table}`))(
    '$name',
    ({ input: { rule, zone, facts = {}, events, now }, expected: { holds, flip } }) =>
      expect(ask(rule, events, now, knownOf(facts), zone)).toEqual([holds, flip]),
  );
});
