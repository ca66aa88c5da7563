import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CostedTemplate,
  countCosts,
  dollars,
  runsPerDay,
  standingCosts,
  total,
} from '../../bench/cost/standing.ts';
import { shippedCosts } from '../../bench/cost/standing-bench.ts';

const readme = readFileSync('README.md', 'utf8');
/** Without its line breaks, which fall anywhere. */
const prose = readme.replaceAll(/\s+/g, ' ');
const reference = readFileSync('docs/reference/cost-and-speed.md', 'utf8').replaceAll(/\s+/g, ' ');

describe('what README says of a deployment with no events', () => {
  let shipped: ReturnType<typeof shippedCosts>;
  beforeAll(() => {
    shipped = shippedCosts();
  }, 120_000);

  it('holds what is counted of two sources', () =>
    expect(prose).toContain(`$${dollars(countCosts(2))} for two sources`));

  it('is what `npm run bench -- standing` reads off the template', () => {
    const rows = shipped.costs.map((cost) => `| ${cost.what} | ${dollars(cost)} |`);
    expect(rows.filter((row) => !readme.includes(row))).toEqual([]);
    expect(readme).toContain(`| **together** | **${dollars(total(shipped.costs))}** |`);
    const [secret, alarms, polls] = shipped.oneMoreBy.map((cost) => dollars(cost));
    expect(reference).toContain(
      `A destination that is told nothing costs $${dollars(shipped.oneMore)} a month (\`npm run bench -- standing\`): ` +
        `its secret $${secret}, its alarms $${alarms}, and Lambda's polls of its queue $${polls}.`,
    );
    expect(prose).toContain(`One more destination adds $${dollars(shipped.oneMore)}.`);
    expect(shipped.oneMoreBy).toHaveLength(3);
    expect(prose).toContain(`adds a sixth job: $${dollars(shipped.matching)}.`);
  });
});

describe('standing costs', () => {
  const template = (type: string, ...all: readonly object[]): CostedTemplate => ({
    Resources: Object.fromEntries(
      all.map((Properties, n) => [`R${n}`, { Type: `AWS::${type}`, Properties: { ...Properties } }]),
    ),
  });
  const costs = (type: string, ...all: readonly object[]) => total(standingCosts(template(type, ...all)));

  it.each([
    { name: 'three shards', template: ['Kinesis::Stream', { ShardCount: 3, RetentionPeriodHours: 24 }], least: 32.85 },
    {
      name: 'a shard of seven days',
      template: ['Kinesis::Stream', { ShardCount: 1, RetentionPeriodHours: 168 }],
      least: 25.55,
    },
    {
      name: 'a stream that is paid by what it carries, by the hour elsewhere',
      template: ['Kinesis::Stream', { RetentionPeriodHours: 24 }],
      least: 0,
    },
    { name: 'a secret', template: ['SecretsManager::Secret', {}], least: 0.4 },
    { name: 'two alarms', template: ['CloudWatch::Alarm', {}, {}], least: 0.2 },
    {
      name: 'an alarm that reckons with two metrics',
      template: ['CloudWatch::Alarm', { Metrics: [{ Expression: 'a + b' }, { MetricStat: {} }, { MetricStat: {} }] }],
      least: 0.2,
    },
    {
      name: 'a queue that a function polls',
      template: ['Lambda::EventSourceMapping', { ScalingConfig: {} }, {}],
      least: 0.26,
    },
  ] as const)('$name', ({ template: [type, ...all], least }) =>
    expect(costs(type, ...all).least).toBeCloseTo(least, 2),
  );

  it('of a job go by its workers, their type, and how often it runs', () => {
    const job = { Type: 'AWS::Glue::Job', Properties: { NumberOfWorkers: 3, WorkerType: 'G.2X' } };
    const Actions = [{ JobName: { Ref: 'job' } }];
    const trigger = { Type: 'AWS::Glue::Trigger', Properties: { Schedule: 'cron(0 0/12 * * ? *)', Actions } };
    // Nothing but a command starts the other one.
    const { least, likely } = total(standingCosts({ Resources: { job, other: job, trigger } }));
    // Two runs a day of six units for a minute, at 0.44 an hour.
    expect(least).toBeCloseTo(2 * (730 / 24) * 6 * (0.44 / 60), 6);
    expect(likely).toBeCloseTo(3 * least, 6);
  });

  it.each([
    ['cron(15 0/6 * * ? *)', 4],
    ['cron(0 * * * ? *)', 24],
    ['cron(0 2 * * ? *)', 1],
    ['cron(0 2,14 * * ? *)', 2],
    ['cron(0/15 * * * ? *)', 96],
    ['cron(0/15 8-18 * * ? *)', 44],
    ['cron(5,35 0/6 * * ? *)', 8],
    ['cron(*/30 * * * ? *)', 48],
    ['cron(0 2 ? * * *)', 1],
    ['cron(0 2 * * ? 2027)', 1],
    ['rate(6 hours)', 4],
    ['rate(15 minutes)', 96],
    ['rate(1 day)', 1],
    ['rate(2 days)', 0.5],
    ['', 0],
  ])('%s starts %d times a day', (cron, times) => expect(runsPerDay(cron)).toBe(times));

  it.each([
    ['cron(0 2 1 * ? *)', 12],
    ['cron(0 2 L * ? *)', 12],
    ['cron(0 2 15W * ? *)', 12],
    ['cron(0 2 ? * 2#1 *)', 12],
    ['cron(0 2,14 ? * 6L *)', 24],
    ['cron(0 2 1 JAN,JUL ? *)', 2],
    ['cron(0/30 2 ? * MON-FRI *)', (2 * 5 * 365.25) / 7],
  ])('%s starts about %d times a year', (cron, times) =>
    expect(Math.abs(runsPerDay(cron) * 365.25 - times)).toBeLessThan(1),
  );
});
