import { Duration, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { InvalidProps } from '../../../lib/blocks/invalid-props.ts';
import { CustomerDataPlatform } from '../../../lib/platform/customer-data-platform.ts';
import type { CustomerDataPlatformProps } from '../../../lib/platform/platform-props.ts';
import { checkProps } from '../../../lib/platform/prop-bounds.ts';
import { at, ofType, type Template } from '../rules/template.ts';
import { synthesized } from '../unbundled.ts';

const provisioned = { readUnits: { min: 100, max: 4000 }, writeUnits: { min: 50, max: 2000 }, targetUtilization: 60 };
const apps: Readonly<Record<string, Partial<CustomerDataPlatformProps>>> = {
  Small: {},
  Large: {
    shards: 20,
    eventRetention: Duration.days(3),
    exportSchedule: 'off',
    wakesPerSecond: 20_001,
    collect: { memorySize: 1024 },
    stitch: { memorySize: 1769, parallelizationFactor: 4, batchSize: 500, reservedConcurrency: 100 },
    deliver: { memorySize: 256, reservedConcurrency: 5, maxConcurrency: 4 },
    table: { warmThroughput: { readUnitsPerSecond: 60_000, writeUnitsPerSecond: 20_000 } },
    logRetention: RetentionDays.THREE_DAYS,
  },
  Steady: { eventRetention: Duration.days(365), table: { provisioned } },
};

let templates: Record<string, Template> = {};
beforeAll(() => {
  templates = synthesized((app) => {
    for (const [name, props] of Object.entries(apps))
      new CustomerDataPlatform(new Stack(app, name), 'Platform', { config, ...props });
  });
});

const of = (stack: string, type: string, id = /./): unknown[] =>
  ofType(templates[stack] ?? { Resources: {} }, type).flatMap(([name, resource]) =>
    id.test(name) ? [resource.Properties] : [],
  );
const valuesAt = (stack: string, type: string, id: RegExp, path: string): unknown[] =>
  of(stack, type, id).map((resource) => at(resource, path));

describe('what a team raises', () => {
  it.each([
    { type: 'Kinesis::Stream', id: /./, path: 'RetentionPeriodHours', small: 24, large: 72 },
    {
      type: 'Lambda::EventSourceMapping',
      id: /Stitch.*Records/,
      path: 'MaximumRecordAgeInSeconds',
      small: 23 * 3600,
      large: 71 * 3600,
    },
    { type: 'Lambda::EventSourceMapping', id: /Stitch.*Records/, path: 'ParallelizationFactor', small: 1, large: 4 },
    { type: 'Lambda::EventSourceMapping', id: /Stitch.*Records/, path: 'BatchSize', small: 1000, large: 500 },
    { type: 'Lambda::Function', id: /Stitch/, path: 'MemorySize', small: 1024, large: 1769 },
    { type: 'Lambda::Function', id: /Stitch/, path: 'ReservedConcurrentExecutions', small: undefined, large: 100 },
    { type: 'Lambda::Function', id: /Collect/, path: 'MemorySize', small: 512, large: 1024 },
    { type: 'Lambda::Function', id: /Deliver/, path: 'MemorySize', small: 512, large: 256 },
    { type: 'Lambda::Function', id: /Deliver/, path: 'ReservedConcurrentExecutions', small: undefined, large: 5 },
    {
      type: 'Lambda::EventSourceMapping',
      id: /Deliver/,
      path: 'ScalingConfig.MaximumConcurrency',
      small: 10,
      large: 4,
    },
    { type: 'DynamoDB::Table', id: /./, path: 'WarmThroughput.WriteUnitsPerSecond', small: undefined, large: 20_000 },
    { type: 'DynamoDB::Table', id: /./, path: 'WarmThroughput.ReadUnitsPerSecond', small: undefined, large: 60_000 },
    {
      type: 'DynamoDB::Table',
      id: /./,
      path: 'GlobalSecondaryIndexes.0.WarmThroughput.WriteUnitsPerSecond',
      small: undefined,
      large: 20_000,
    },
    { type: 'DynamoDB::Table', id: /./, path: 'BillingMode', small: 'PAY_PER_REQUEST', large: 'PAY_PER_REQUEST' },
  ])('$id $path', ({ type, id, path, small, large }) => {
    expect(new Set(valuesAt('Small', type, id, path))).toEqual(new Set([small]));
    expect(new Set(valuesAt('Large', type, id, path))).toEqual(new Set([large]));
  });

  it('every log group keeps its lines as long as is said', () => {
    expect(new Set(valuesAt('Small', 'Logs::LogGroup', /./, 'RetentionInDays'))).toEqual(new Set([14]));
    expect(new Set(valuesAt('Large', 'Logs::LogGroup', /./, 'RetentionInDays'))).toEqual(new Set([3]));
  });

  it('gives up on no record later than Lambda can, however long the stream keeps it', () => {
    expect(valuesAt('Steady', 'Lambda::EventSourceMapping', /Stitch.*Records/, 'MaximumRecordAgeInSeconds')).toEqual([
      7 * 86_400 - 3600,
    ]);
  });

  it('without exports there is no schedule, no role for it, and no alarm that could not ring', () => {
    for (const type of ['Scheduler::Schedule', 'Scheduler::ScheduleGroup']) {
      expect(of('Small', type, /TableExports/)).toHaveLength(1);
      expect(of('Large', type, /TableExports/)).toEqual([]);
    }
    expect(of('Large', 'IAM::Role', /TableExports/)).toEqual([]);
    expect(of('Large', 'CloudWatch::Alarm', /Exports/)).toEqual([]);
  });
});

describe('profiles that change by themselves', () => {
  it.each([
    { stack: 'Small', slices: 4, wakesPerSecond: 500 },
    { stack: 'Large', slices: 41, wakesPerSecond: 20_001 / 41 },
  ])('are woken by $slices slices in the stack $stack, which together have the pace', (paced) => {
    const schedules = of(paced.stack, 'Scheduler::Schedule', /Tending/);
    const turns = schedules.map((schedule) => JSON.parse(String(at(schedule, 'Target.Input'))) as { slice: number });
    const { slices, wakesPerSecond } = paced;
    const slicesInOrder = turns.toSorted((a, b) => a.slice - b.slice);
    expect(slicesInOrder).toEqual(Array.from({ length: slices }, (_, slice) => ({ slice, slices, wakesPerSecond })));
    expect(new Set(schedules.map((schedule) => at(schedule, 'ScheduleExpression')))).toEqual(
      new Set(['rate(1 minute)']),
    );
  });
});

describe('provisioned capacity', () => {
  it('begins with the least and follows the load up to the most', () => {
    expect(of('Steady', 'DynamoDB::Table')).toMatchObject([
      { ProvisionedThroughput: { ReadCapacityUnits: 100, WriteCapacityUnits: 50 } },
    ]);
    expect(valuesAt('Steady', 'DynamoDB::Table', /./, 'BillingMode')).not.toContain('PAY_PER_REQUEST');
    expect(of('Steady', 'ApplicationAutoScaling::ScalableTarget')).toMatchObject([
      { MinCapacity: 100, MaxCapacity: 4000, ScalableDimension: 'dynamodb:table:ReadCapacityUnits' },
      { MinCapacity: 50, MaxCapacity: 2000, ScalableDimension: 'dynamodb:table:WriteCapacityUnits' },
      { MinCapacity: 5, MaxCapacity: 4000, ScalableDimension: 'dynamodb:index:ReadCapacityUnits' },
      { MinCapacity: 50, MaxCapacity: 2000, ScalableDimension: 'dynamodb:index:WriteCapacityUnits' },
    ]);
    const targets = valuesAt(
      'Steady',
      'ApplicationAutoScaling::ScalingPolicy',
      /./,
      'TargetTrackingScalingPolicyConfiguration.TargetValue',
    );
    expect(targets).toEqual([60, 60, 60, 60]);
  });

  it('is the same table: nothing that would replace it differs', () => {
    const [small, steady] = ['Small', 'Steady'].map(
      (stack) => ofType(templates[stack] ?? { Resources: {} }, 'DynamoDB::Table')[0],
    );
    expect(steady?.[0]).toBe(small?.[0]);
    for (const path of ['KeySchema', 'AttributeDefinitions', 'StreamSpecification', 'TableName'])
      expect(at(steady?.[1].Properties, path)).toEqual(at(small?.[1].Properties, path));
  });
});

describe('what AWS would refuse in the middle of a deployment is refused when the template is made', () => {
  const bounds = (min: number, max: number) => ({ min, max });

  it.each([
    [{ shards: -1 }, 'shards: must be a whole number from 0 to 10000; got -1'],
    [{ shards: 1.5 }, 'shards:'],
    [{ eventRetention: Duration.hours(23) }, 'eventRetention in hours: must be a whole number from 24 to 8760; got 23'],
    [{ eventRetention: Duration.days(366) }, 'eventRetention in hours:'],
    [{ eventRetention: Duration.minutes(1441) }, 'eventRetention in hours:'],
    [
      { batchingWindow: Duration.seconds(301) },
      'batchingWindow in seconds: must be a whole number from 0 to 300; got 301',
    ],
    [{ recoveryWindow: Duration.days(36) }, 'recoveryWindow in days: must be a whole number from 1 to 35; got 36'],
    [{ rawRetention: Duration.hours(12) }, 'rawRetention in days:'],
    [{ requestsPerSecond: 0 }, 'requestsPerSecond:'],
    [{ profileCallsPerSecond: -5 }, 'profileCallsPerSecond:'],
    [{ wakesPerSecond: 0 }, 'wakesPerSecond:'],
    [{ wakesPerSecond: 32_001 }, 'wakesPerSecond:'],
    [{ exportSchedule: 'Off' }, 'exportSchedule: must be cron(…), rate(…) or off; got Off'],
    [{ exportSchedule: '0 23 * * *' }, 'exportSchedule:'],
    [
      { stitch: { parallelizationFactor: 0 } },
      'stitch.parallelizationFactor: must be a whole number from 1 to 10; got 0',
    ],
    [{ stitch: { parallelizationFactor: 11 } }, 'stitch.parallelizationFactor:'],
    [{ stitch: { batchSize: 10_001 } }, 'stitch.batchSize:'],
    [{ stitch: { memorySize: 64 } }, 'stitch.memorySize: must be a whole number from 128 to 10240; got 64'],
    [{ collect: { memorySize: 10_241 } }, 'collect.memorySize:'],
    [{ deliver: { memorySize: Number.NaN } }, 'deliver.memorySize:'],
    [{ deliver: { reservedConcurrency: 0 } }, 'deliver.reservedConcurrency:'],
    [
      { deliver: { reservedConcurrency: 9 } },
      'deliver.maxConcurrency: must be at most deliver.reservedConcurrency (9); got 10',
    ],
    [{ deliver: { maxConcurrency: 1 } }, 'deliver.maxConcurrency: must be a whole number from 2 to 1000; got 1'],
    [{ deliver: { maxConcurrency: 1001 } }, 'deliver.maxConcurrency:'],
    [
      { deliver: { maxConcurrency: 6, reservedConcurrency: 5 } },
      'deliver.maxConcurrency: must be at most deliver.reservedConcurrency (5); got 6',
    ],
    [
      { shards: 4, stitch: { parallelizationFactor: 2, reservedConcurrency: 7 } },
      'stitch.reservedConcurrency: 4 shards with 2 batches each need at least 8; got 7',
    ],
    [{ table: { warmThroughput: { readUnitsPerSecond: 11_999 } } }, 'table.warmThroughput.readUnitsPerSecond:'],
    [{ table: { warmThroughput: { writeUnitsPerSecond: 3999 } } }, 'table.warmThroughput.writeUnitsPerSecond:'],
    [{ table: { provisioned: { ...provisioned, readUnits: bounds(0, 10) } } }, 'table.provisioned.readUnits.min:'],
    [
      { table: { provisioned: { ...provisioned, writeUnits: bounds(10, 9) } } },
      'table.provisioned.writeUnits.max: must be a whole number from 10',
    ],
    [{ table: { provisioned: { ...provisioned, targetUtilization: 91 } } }, 'table.provisioned.targetUtilization:'],
    [{ logRetention: RetentionDays.INFINITE }, 'logRetention: must end'],
  ] satisfies [Partial<CustomerDataPlatformProps>, string][])('%j', (props, flaw) => {
    expect(() => checkProps({ config, ...props })).toThrow(InvalidProps);
    expect(() => checkProps({ config, ...props })).toThrow(flaw);
    expect(() => new CustomerDataPlatform(new Stack(), 'Platform', { config, ...props })).toThrow(flaw);
  });

  it('tells all that is wrong at once', () =>
    expect(() => checkProps({ config, shards: -1, stitch: { batchSize: 0 } })).toThrow(
      /shards: .*\n {2}- stitch\.batchSize: /,
    ));

  it('takes what is at the bounds', () => {
    const size = { memorySize: 10_240, reservedConcurrency: 1 };
    const table = {
      warmThroughput: { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 4000 },
      provisioned: { ...provisioned, readUnits: bounds(1, 1) },
    };
    expect(() =>
      checkProps({
        config,
        shards: 0,
        eventRetention: Duration.days(365),
        collect: size,
        deliver: { reservedConcurrency: 2, maxConcurrency: 2 },
        table,
      }),
    ).not.toThrow();
  });
});
