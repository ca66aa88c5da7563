import { metricsOfSource } from '../../lambdas/adapters/metrics/collect-metrics.ts';
import { collectMetric, publishMetric, stitchMetric, tendMetric } from '../../lambdas/core/contract/metrics.ts';
import { dueShards } from '../../lambdas/core/segments/due/due-shard.ts';
import { cronDay, values } from '../../lib/lake/cron-days.ts';
import { assumptions } from '../metering/assumptions.ts';
import { prices, type Unit } from '../metering/prices.ts';

/** A template as far as its standing costs go. */
export interface CostedTemplate {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}

/**
 * What something costs a month with no events; where that is not known to the cent, from the least to what is likely.
 */
export interface StandingCost {
  readonly what: string;
  readonly least: number;
  readonly likely: number;
}

type Properties = Readonly<Record<string, unknown>>;

const of = ({ Resources }: CostedTemplate, type: string): Properties[] =>
  Object.values(Resources).flatMap(({ Type, Properties = {} }) => (Type === `AWS::${type}` ? [Properties] : []));

const fixed = (what: string, number: number, unit: Unit, units = 1): StandingCost => {
  const dollars = number * units * prices[unit].dollars;
  return { what, least: dollars, likely: dollars };
};

const daysPerMonth = assumptions.hoursPerMonth / 24;
/** Data processing units of a worker, by its type: `G.2X` has two. */
const unitsOf = (type: unknown): number => Number(/(\d+)X$/.exec(String(type))?.[1] ?? Number.NaN);

/** What a deployment costs a month with no events, read off its template. */
export function standingCosts(template: CostedTemplate): StandingCost[] {
  const provisioned = of(template, 'Kinesis::Stream').filter(({ ShardCount }) => ShardCount !== undefined);
  const shards = sum(provisioned, ({ ShardCount }) => Number(ShardCount));
  const longer = sum(provisioned, ({ ShardCount, RetentionPeriodHours }) =>
    Number(RetentionPeriodHours) > 24 ? Number(ShardCount) : 0,
  );
  const secrets = of(template, 'SecretsManager::Secret').length;
  const alarms = of(template, 'CloudWatch::Alarm');
  const watched = sum(alarms, metricsOfAlarm);
  const queues = of(template, 'Lambda::EventSourceMapping').filter(
    ({ ScalingConfig }) => ScalingConfig !== undefined,
  ).length;
  const keys = of(template, 'KMS::Key').length;
  return [
    fixed(`Kinesis, ${shards} shard${shards === 1 ? '' : 's'}`, shards, 'kinesisShardHour', assumptions.hoursPerMonth),
    fixed('its retention beyond a day', longer, 'kinesisRetentionHour', assumptions.hoursPerMonth),
    fixed('KMS key', keys, 'kmsKeyMonth'),
    fixed(`${secrets} secrets`, secrets, 'secretMonth'),
    fixed(`${alarms.length} alarms, on ${watched} metrics`, watched, 'alarmMonth'),
    ...jobCosts(template),
    ...tendCosts(template),
    ...requestCosts(template),
    fixed(
      `SQS, polled by Lambda: ${(queues * assumptions.sqsPollsPerMonth).toLocaleString('en-US')} requests`,
      queues * assumptions.sqsPollsPerMonth,
      'sqsRequest',
    ),
  ].filter(({ likely }) => likely > 0);
}

/** An alarm is billed by the metrics that it looks at: one, or all that it reckons with. */
const metricsOfAlarm = ({ Metrics }: Properties): number =>
  Array.isArray(Metrics) ? Metrics.filter((entry) => 'MetricStat' in Object(entry)).length : 1;

/** Jobs that a trigger starts, and not those that only a command does. Keys of resources end with their logical ids. */
function triggeredJobs({ Resources }: CostedTemplate): Properties[] {
  const actions = of({ Resources }, 'Glue::Trigger').flatMap(
    ({ Actions }) => Actions as { JobName: { Ref: string } }[],
  );
  const started = new Set(actions.map(({ JobName }) => JobName.Ref));
  return Object.entries(Resources).flatMap(([key, { Type, Properties = {} }]) =>
    Type === 'AWS::Glue::Job' && started.has(key.slice(key.indexOf('/') + 1)) ? [Properties] : [],
  );
}

/** All of these jobs together, by the clock of the chain or of their own. */
function jobCosts(template: CostedTemplate): StandingCost[] {
  const jobs = triggeredJobs(template);
  const schedules = of(template, 'Glue::Trigger').flatMap(({ Schedule }) =>
    typeof Schedule === 'string' ? [Schedule] : [],
  );
  const perDay = runsPerDay(schedules[0] ?? '');
  const runs = perDay * daysPerMonth;
  const hours =
    sum(jobs, ({ NumberOfWorkers, WorkerType }) => Number(NumberOfWorkers) * unitsOf(WorkerType) * runs) / 60;
  const [least, likely] = assumptions.jobMinutes.map((minutes) => hours * minutes * prices.glueHour.dollars);
  const telling = sum(
    jobs,
    ({ DefaultArguments }) => Object.keys(Object(DefaultArguments)).filter((name) => name.endsWith('-metric')).length,
  );
  const what = `Glue: ${jobs.length} jobs, ${Number(perDay.toFixed(2))} times a day, ${assumptions.jobMinutes.join(' to ')} minutes each`;
  // A metric is billed by the hours in which it is told.
  const told = fixed('metrics that jobs write at their end', telling * Math.min(1, perDay / 24), 'metricMonth');
  return [{ what, least: least ?? 0, likely: likely ?? 0 }, told];
}

/** Looks into the due index while nothing is due: each slice into its shards, the first one into all. */
function tendCosts(template: CostedTemplate): StandingCost[] {
  const slices = of(template, 'Scheduler::Schedule').filter(
    ({ ScheduleExpression }) => ScheduleExpression === 'rate(1 minute)',
  ).length;
  if (slices === 0) return [];
  const start = prices.scheduleStart.dollars + prices.lambdaRequest.dollars;
  const waited = assumptions.dynamoCall * prices.lambdaArmSecond.dollars;
  const looks = 2 * dueShards * 0.5 * prices.dynamoRead.dollars;
  const dollars = (slices * (start + waited) + looks) * 60 * assumptions.hoursPerMonth;
  return [
    { what: `tend: ${slices} starts a minute while nothing is due`, least: dollars, likely: dollars },
    fixed('its metric of the lag', 1, 'metricMonth'),
  ];
}

/** Looks hourly for privacy requests that can go on, while there are none: one query, in far less than a second. */
function requestCosts(template: CostedTemplate): StandingCost[] {
  const hourly = of(template, 'Scheduler::Schedule').filter(
    ({ ScheduleExpression }) => ScheduleExpression === 'rate(1 hour)',
  ).length;
  return [fixed('the metric of privacy requests that are due', hourly, 'metricMonth')];
}

/**
 * How often a day a schedule starts something, on the mean of four years: `cron(…)`, or `rate(…)`; a year that it names
 * counts for all.
 */
export function runsPerDay(schedule: string): number {
  const [, every, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  if (every !== undefined)
    return { minute: 24 * 60, hour: 24, day: 1 }[unit as 'minute' | 'hour' | 'day'] / Number(every);
  const [, minutes = '', hours = '', dayOfMonth = '', month = '', dayOfWeek = ''] =
    /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) \S+\)$/.exec(schedule) ?? [];
  const timesOfDay = (values(minutes, 0, 59)?.length ?? 0) * (values(hours, 0, 23)?.length ?? 0);
  const isDay = cronDay({ dayOfMonth, month, dayOfWeek, year: '*' });
  const days = Array.from({ length: daysOfFourYears }, (_, day) => new Date(Date.UTC(2024, 0, 1 + day)));
  return (timesOfDay * days.filter(isDay).length) / daysOfFourYears;
}

const daysOfFourYears = 4 * 365 + 1;

/**
 * What CloudWatch bills a month for counts of our own when events come: from what is accepted, to everything that may
 * be counted.
 */
export function countCosts(sources: number): StandingCost {
  const { lag: _, ...wakes } = tendMetric;
  const ofAll = [collectMetric, stitchMetric, publishMetric, wakes].flatMap((names) => Object.keys(names)).length;
  const dollars = (metrics: number) => metrics * prices.metricMonth.dollars;
  return { what: 'metrics', least: dollars(sources), likely: dollars(sources * metricsOfSource.length + ofAll) };
}

/** What a deployment costs more than another. */
export function difference(more: readonly StandingCost[], less: readonly StandingCost[]): StandingCost {
  const [all, without] = [total(more), total(less)];
  return { what: 'more', least: all.least - without.least, likely: all.likely - without.likely };
}

/** The same by what it is for, without what costs no more. */
export function differences(more: readonly StandingCost[], less: readonly StandingCost[]): StandingCost[] {
  const named = (costs: readonly StandingCost[]) =>
    new Map(costs.map((cost) => [cost.what.replace(/^\d+ /, '').split(/[,:]/)[0] ?? '', cost] as const));
  const before = named(less);
  return [...named(more)]
    .map(([what, { least, likely }]) => {
      const known = before.get(what) ?? { least: 0, likely: 0 };
      return { what, least: least - known.least, likely: likely - known.likely };
    })
    .filter(({ likely }) => likely > 1e-9);
}

/** All of it. */
export const total = (costs: readonly StandingCost[]): StandingCost => ({
  what: 'together',
  least: sum(costs, ({ least }) => least),
  likely: sum(costs, ({ likely }) => likely),
});

/** `8.92 to 26.77`, or one number where both are the same. */
export const dollars = ({ least, likely }: StandingCost): string =>
  least.toFixed(2) === likely.toFixed(2) ? least.toFixed(2) : `${least.toFixed(2)} to ${likely.toFixed(2)}`;

const sum = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((all, value) => all + of(value), 0);
