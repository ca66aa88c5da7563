import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flipsAt, holds, traitChangesAt, traitValue } from '../../../../lambdas/core/segments/evaluation/evaluate.ts';
import type { Known } from '../../../../lambdas/core/segments/evaluation/known.ts';
import { compile, type Definitions } from '../../../../lambdas/core/segments/program/compile.ts';
import { numRuns } from '../../../fixtures/laws.ts';
import { definitions, lengths } from './any-definition.ts';
import { lives, start } from './any-life.ts';
import { type Asked, computed, isTrueOf, type Person } from './oracle.ts';
import { length } from './oracle-time.ts';
import { type Played, play } from './play.ts';

const seed = Number(process.env.SEGMENTS_SEED ?? 18);
const tries = Number(process.env.SEGMENTS_RUNS ?? numRuns(5_000));

function knownOf(
  { aggregates, events }: Played,
  { traits, since, granted, identifiers, accounts }: Omit<Person, 'events'>,
): Known {
  const clock = Math.max(0, ...events.map(({ at }) => at));
  const of = (fields: Record<string, unknown>) => (name: string) => fields[name];
  return {
    ...{
      profileId: 'p',
      since,
      clock,
      aggregates,
      traitOf: of(traits),
      accounts: accounts.map((fields) => ({ traitOf: of(fields) })),
    },
    consentOf: (category) => granted[category],
    hasIdentifier: (type) => identifiers.includes(type),
  };
}

/** Times at which something may change, as far as anybody who knows no code can tell. */
function suspects({ events, since, traits }: Person, from: number, more: readonly number[]): number[] {
  const dates = [traits.date]
    .flat()
    .flatMap((date) => (typeof date === 'string' ? [Date.parse(date)] : []))
    .filter((at) => !Number.isNaN(at));
  const edges = [...events.map(({ at }) => at), since, ...dates].flatMap((at) =>
    lengths.flatMap((one) => [at + length(one), at - length(one)]),
  );
  const midnights = Array.from(
    { length: 16 },
    (_, n) => Math.floor(start / 86_400_000) * 86_400_000 + n * 86_400_000 - 3_600_000 * (n % 3),
  );
  const all = [...new Set([...edges.flatMap((at) => [at - 1, at]), ...midnights, ...more])].filter((at) => at > from);
  const stride = Math.ceil(all.length / 150);
  return all.filter((_at, n) => n % stride === from % stride);
}

/** Whether a flip is neither early nor late. */
function isExact<T>(answer: (at: number) => T, now: number, flip: number | undefined, times: readonly number[]): void {
  const before = answer(now);
  for (const at of times.filter((each) => flip === undefined || each < flip))
    expect(answer(at), `unchanged at ${new Date(at).toISOString()}`).toEqual(before);
  if (flip === undefined) return;
  expect(flip).toBeGreaterThan(now);
  expect(answer(flip - 1), 'not late').toEqual(before);
  expect(answer(flip), 'not early').not.toEqual(before);
}

function check(
  defined: Definitions,
  life: Parameters<Parameters<typeof lives.map>[0]>[0],
  change: (known: Known) => Known = (known) => known,
): void {
  const { program, flaws } = compile(defined);
  expect(flaws.filter(({ message }) => !message.startsWith('must need at most'))).toEqual([]);
  const segments = Object.fromEntries(
    defined.segments.map(({ key, where, zone }) => [key, { where, zone: String(zone) }]),
  );
  for (const played of play(program, life.events, life.steps).slice(0, 1)) {
    const known = change(knownOf(played, life.facts));
    const person: Person = { ...life.facts, events: played.events };
    for (const asked of life.nows) {
      const now = Math.max(asked, known.clock);
      const times = suspects(person, now, life.times);
      for (const { key, where, zone } of defined.segments) {
        const answer = (at: number): boolean =>
          isTrueOf(where, { person, now: at, zone: String(zone), segments } satisfies Asked);
        expect(holds(program, key, known, asked)).toBe(answer(now));
        isExact(answer, now, flipsAt(program, key, known, asked), times);
      }
      for (const { key, compute, zone } of defined.traits) {
        const answer = (at: number): unknown =>
          computed(compute as unknown as Record<string, unknown>, { person, now: at, zone: String(zone), segments });
        expect(traitValue(program, key, known, asked)).toEqual(answer(now));
        isExact(answer, now, traitChangesAt(program, key, known, asked), times);
      }
    }
  }
}

describe('segments and computed traits', () => {
  it(`are what the list of events gives, however it arrives, and flip on time (seed ${seed}, ${tries} runs)`, () => {
    fc.assert(
      fc.property(definitions, lives, (defined, life) => check(defined, life)),
      { numRuns: tries, seed },
    );
  });

  it('would not be, if profiles forgot an event', () => {
    const forgetful = (known: Known): Known => ({ ...known, aggregates: new Map([...known.aggregates].slice(1)) });
    const law = fc.property(definitions, lives, (defined, life) => check(defined, life, forgetful));
    expect(fc.check(law, { numRuns: numRuns(1_200), seed, endOnFailure: true }).failed).toBe(true);
  });
});
