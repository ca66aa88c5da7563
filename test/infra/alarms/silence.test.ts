import { type App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { CustomerDataPlatform } from '../../../lib/platform/customer-data-platform.ts';
import type { CustomerDataPlatformProps } from '../../../lib/platform/platform-props.ts';
import { at, ofType } from '../rules/template.ts';
import { synthesized } from '../unbundled.ts';

type Schedules = Pick<CustomerDataPlatformProps, 'batchSchedule' | 'jobs'>;

/** Whose silence rings after how many hours, and what the synthesis warns of. */
function silences(schedules: Schedules) {
  const warned: unknown[] = [];
  const { S } = synthesized((app: App) => {
    const stack = new Stack(app, 'S');
    new CustomerDataPlatform(stack, 'Platform', { config, ...schedules });
    warned.push(
      ...Annotations.fromStack(stack)
        .findWarning('*', Match.stringLikeRegexp('No alarm can ring'))
        .map(({ entry }) => entry.data),
    );
  });
  const rings = ofType(S ?? { Resources: {} }, 'CloudWatch::Alarm').flatMap(([, alarm]) =>
    at(alarm, 'Properties.MetricName') === 'JobEnded' ? [alarm.Properties ?? {}] : [],
  );
  return { rings, warned };
}

const week = 168;
const heard = [
  { batchSchedule: undefined, gap: 6, hours: 13 },
  { batchSchedule: 'cron(15 * * * ? *)', gap: 1, hours: 3 },
  { batchSchedule: 'cron(15 2 * * ? *)', gap: 24, hours: 49 },
  { batchSchedule: 'cron(15 2 ? * MON-FRI *)', gap: 72, hours: 145 },
  { batchSchedule: 'cron(15 2 ? * MON,SAT *)', gap: 120, hours: week },
  { batchSchedule: 'cron(15 2 ? * SUN,SAT *)', gap: 144, hours: week },
  { batchSchedule: 'cron(0 0,1 ? * SUN *)', gap: 167, hours: week },
];
const unheard = [
  { batchSchedule: 'cron(15 2 ? * SUN *)' },
  { batchSchedule: 'cron(0,59 0 ? * SUN *)' },
  { batchSchedule: 'cron(15 2 1 * ? *)' },
  { batchSchedule: 'cron(15 2 1,15 * ? *)' },
  { batchSchedule: 'cron(15 2 1-25 * ? *)' },
  { batchSchedule: 'cron(15 2 L * ? *)' },
  { batchSchedule: 'cron(15 2 15W * ? *)' },
  { batchSchedule: 'cron(15 2 ? * 2#1 *)' },
  { batchSchedule: 'cron(15 2 ? * 6L *)' },
  { batchSchedule: 'cron(15 2 * JAN,JUL ? *)' },
  { batchSchedule: 'cron(0 0,12 29 FEB ? *)' },
];

it.each(heard)(
  'jobs $gap hours apart at the most are too quiet after $hours hours ($batchSchedule)',
  ({ batchSchedule, gap, hours }) => {
    const { rings, warned } = silences(batchSchedule === undefined ? {} : { batchSchedule });
    expect(rings).toMatchObject([{ Period: 3600, EvaluationPeriods: hours, TreatMissingData: 'breaching' }]);
    expect(hours).toBeGreaterThanOrEqual(gap + 1);
    expect(warned).toEqual([]);
  },
);

it.each(unheard)('no alarm rings, and the synthesis warns, where jobs start by $batchSchedule', ({ batchSchedule }) => {
  const { rings, warned } = silences({ batchSchedule });
  expect(rings).toEqual([]);
  expect(warned).toEqual([
    expect.stringContaining(`the job maintain does not run: it starts by ${batchSchedule}, and`),
  ]);
});

it('of jobs with clocks of their own each is heard by its own: one rings, one is warned of', () => {
  const { rings, warned } = silences({
    jobs: { marts: { schedule: 'cron(0 4 ? * SUN *)' }, maintain: { schedule: 'cron(0 2 * * ? *)' } },
  });
  expect(rings.map((alarm) => [at(alarm, 'Dimensions.1.Value'), at(alarm, 'EvaluationPeriods')])).toEqual([
    ['profiles', 13],
    ['maintain', 49],
  ]);
  expect(warned).toEqual([
    expect.stringContaining('the job marts does not run: it starts by cron(0 4 ? * SUN *), and'),
  ]);
});
