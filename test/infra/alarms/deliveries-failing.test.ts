import fc from 'fast-check';
import { expect, it } from 'vitest';
import { longestAsked } from '../../../lambdas/core/contract/signals.ts';
import { hoursOfTries, nextTry } from '../../../lambdas/core/destinations/next-try.ts';
import { numRuns, seedOfRun } from '../../fixtures/laws.ts';
import { at, ofType } from '../rules/template.ts';
import { shipped } from '../shipped.ts';

const seed = seedOfRun();
const histories = numRuns(500);
const [second, minute, hour] = [1_000, 60_000, 3_600_000];
const begin = Date.UTC(2026, 0, 1);

const [alarm] = ofType(shipped(), 'CloudWatch::Alarm').flatMap(([, each]) =>
  at(each, 'Properties.MetricName') === 'DeliveryFailing' ? [each.Properties ?? {}] : [],
);
const { Period, EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, Threshold } = alarm as Record<string, number>;
const [period, periods, needed, above] = [
  Number(Period) * second,
  Number(EvaluationPeriods),
  Number(DatapointsToAlarm),
  Number(Threshold),
];

/** What a failed try tells: when, and for how many seconds its delivery has failed. */
interface Told {
  readonly when: number;
  readonly seconds: number;
}

/** Whether the alarm rings at a time: periods without a failure are not breaching, as it says. */
function rings(told: readonly Told[], now: number): boolean {
  const breaching = Array.from({ length: periods }, (_, ago) =>
    told.some(({ when, seconds }) => seconds > above && when > now - (ago + 1) * period && when <= now - ago * period),
  );
  return breaching.filter(Boolean).length >= needed;
}

interface Plan {
  readonly asked: readonly (string | undefined)[];
  readonly chances: readonly number[];
  /** How long each try takes: its queue, its function, its receiver. */
  readonly takes: readonly number[];
  /** Hours after which the receiver works again. */
  readonly down: number;
}

/** The failed tries of one delivery. */
function failures({ asked, chances, takes, down }: Plan): Told[] {
  const told: Told[] = [];
  for (let now = begin, tries = 1; now < begin + down * hour; tries++) {
    const tried = now + (takes[tries % takes.length] ?? 0) * second;
    told.push({ when: tried, seconds: (tried - begin) / second });
    const wait = nextTry(
      { queued: begin, firstTried: begin, tries, now: tried, retryAfter: asked[tries % asked.length] },
      chances[tries % chances.length] ?? 0,
    );
    if (wait === undefined) break;
    now = tried + wait * second;
  }
  return told;
}

const waits = [
  '0',
  '1',
  '120',
  '900',
  '901',
  '1800',
  '2700',
  '3599',
  '3600',
  '86400',
  'nonsense',
  new Date(begin + 2 * hour).toUTCString(),
];
const plan = fc.record({
  asked: fc.array(fc.constantFrom(undefined, ...waits), { minLength: 1, maxLength: 8 }),
  chances: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 8 }),
  takes: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 5 }),
  down: fc.double({ min: 0.1, max: hoursOfTries + 1, noNaN: true }),
});

it(`rings from the first try after a quarter of an hour to the last that fails, without a break, and ends after it (SEED=${seed})`, () => {
  let late = 0;
  fc.assert(
    fc.property(plan, fc.integer({ min: 0, max: 59 }), (one, phase) => {
      const told = failures(one);
      const long = told.filter(({ seconds }) => seconds > above);
      const [first, last] = [long[0]?.when, long.at(-1)?.when];
      late += long.length > 1 ? 1 : 0;
      const end = begin + 8 * hour;
      const states = [];
      for (let now = begin + phase * second; now < end; now += minute) states.push({ now, is: rings(told, now) });
      const wanted = states.filter(
        ({ now }) => first !== undefined && last !== undefined && now >= first && now <= last,
      );
      expect(wanted.filter(({ is }) => !is)).toEqual([]);
      expect(states.filter(({ now, is }) => is && (first === undefined || now < first))).toEqual([]);
      expect(states.filter(({ now, is }) => is && now > (last ?? 0) + longestAsked * second + period)).toEqual([]);
    }),
    { seed, numRuns: histories },
  );
  expect(late).toBeGreaterThan(histories / 5);
});

it('says so by the least that it must look back', () => {
  expect({ needed, back: (periods - 1) * period }).toEqual({ needed: 1, back: longestAsked * second });
  expect(alarm?.TreatMissingData).toBe('notBreaching');
});
