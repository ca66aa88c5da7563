import type { Aggregate } from '../../../../lambdas/core/segments/aggregates/aggregate.ts';
import { flipsAt, holds } from '../../../../lambdas/core/segments/evaluation/evaluate.ts';
import type { Known } from '../../../../lambdas/core/segments/evaluation/known.ts';
import { type Seen, takeEvent } from '../../../../lambdas/core/segments/evaluation/take-event.ts';
import type { SegmentDefinition } from '../../../../lambdas/core/segments/language/definitions.ts';
import { Rule } from '../../../../lambdas/core/segments/language/rule.ts';
import { compile, type Program } from '../../../../lambdas/core/segments/program/compile.ts';

export const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
/** A Saturday; the clocks of Europe go forward in the night that follows. */
export const start = Date.parse('2026-03-28T12:00:00Z');

/** An event of a table: when, counted from the start, its name and its properties. */
export type Row = readonly [at: number, name?: string, properties?: Record<string, unknown>, call?: Partial<Seen>];

export const nobody: Omit<Known, 'aggregates' | 'clock'> = {
  ...{
    profileId: 'p',
    since: start,
    traitOf: () => undefined,
    consentOf: () => undefined,
    hasIdentifier: () => false,
    accounts: [],
  },
};

/** What a profile knows of these events. */
export function knownBy(program: Program, rows: readonly Row[], facts: Partial<Known> = {}): Known {
  const aggregates = rows.reduce<Map<string, Aggregate>>(
    (states, [at, name = 'A', properties = {}, call = {}], n) =>
      takeEvent(program, states, {
        event: { type: 'track', event: name, properties, ...call },
        at: start + at,
        mark: `m${n}`,
      }),
    new Map(),
  );
  return { ...nobody, aggregates, clock: Math.max(0, ...rows.map(([at]) => start + at)), ...facts };
}

/** Whether a rule holds at a time counted from the start, and when it flips. */
export function ask(
  rule: Rule,
  rows: readonly Row[],
  at: number,
  facts: Partial<Known> = {},
  zone?: SegmentDefinition['zone'],
): readonly [boolean, number | undefined] {
  const { program, flaws } = compile({
    segments: [{ key: 's', name: 'S', zone, where: Rule.parse(rule) }],
    traits: [],
  });
  if (flaws.length > 0) throw new Error(flaws.map(({ message }) => message).join());
  const known = knownBy(program, rows, facts);
  const flip = flipsAt(program, 's', known, start + at);
  return [holds(program, 's', known, start + at), flip === undefined ? undefined : flip - start];
}
