import { CfnParameter, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { CustomerDataPlatform } from '../../../lib/platform/customer-data-platform.ts';
import type { CustomerDataPlatformProps } from '../../../lib/platform/platform-props.ts';
import { scratchApp } from '../unbundled.ts';

const made = (props: object, stack = new Stack(scratchApp(), 'Shop')) =>
  new CustomerDataPlatform(stack, 'Platform', { config, ...props } as CustomerDataPlatformProps);
const role = 'arn:aws:iam::111122223333:role/Analysts';
const bounds = { min: 5000, max: 6000 };

/** What a program in JavaScript may pass, by the props that do not take it. */
const numbers = [
  'shards',
  'requestsPerSecond',
  'profileCallsPerSecond',
  'wakesPerSecond',
  'importShare',
  'logRetention',
];
const durations = ['eventRetention', 'batchingWindow', 'rawRetention', 'recoveryWindow'];
const objects = ['collect', 'stitch', 'deliver', 'table', 'jobs'];
const others = [
  'removalPolicy',
  'exportSchedule',
  'scanLimit',
  'alarmEmail',
  'alarmTopic',
  'lakeFormation',
  'dashboard',
];
const isOfKind = (prop: string, value: unknown) =>
  (numbers.includes(prop) && typeof value === 'number') || (objects.includes(prop) && value === empty);
const empty = {};
const wrongKinds = [null, 5, 'five', [], empty, () => 5, Symbol('five')];

describe('a value of a wrong kind', () => {
  it.each([...numbers, ...durations, ...objects, ...others])('of %s is refused by its name', (prop) => {
    for (const value of wrongKinds) {
      if (isOfKind(prop, value) || (prop === 'lakeFormation' && value === empty)) continue;
      if (['exportSchedule', 'alarmEmail'].includes(prop) && value === 'five') continue;
      expect(() => made({ [prop]: value }), String(value)).toThrow(new RegExp(`\\n {2}- ${prop}: must be .+; got `));
    }
  });

  it.each(['memorySize', 'reservedConcurrency'])('of %s is refused for each function', (field) => {
    for (const fn of ['collect', 'stitch', 'deliver'])
      expect(() => made({ [fn]: { [field]: '512' } })).toThrow(`${fn}.${field}: must be a number; got "512"`);
  });

  it.each([null, 5, 'G.2X'])('of a job, %j, is refused', (value) =>
    expect(() => made({ jobs: { marts: value } })).toThrow(/jobs\.marts: is .*, and must be an object/),
  );
});

describe('what cannot be', () => {
  it.each([
    [{ shard: 2 }, 'shard: unknown prop; known: config, removalPolicy, shards'],
    [{ stitch: { parallelisationFactor: 2 } }, 'stitch.parallelisationFactor: unknown prop; known: memorySize'],
    [{ table: { warm: {} } }, 'table.warm: unknown prop; known: warmThroughput, provisioned'],
    [{ lakeFormation: { analyst: [role] } }, 'lakeFormation.analyst: unknown prop; known: analysts'],
    [{ lakeFormation: { analysts: role } }, 'lakeFormation.analysts: must be a list of ARNs'],
    [
      { lakeFormation: { analysts: [role, role] } },
      `lakeFormation.analysts[1]: must be listed once; "${role}" is listed twice`,
    ],
    [
      { table: { provisioned: { readUnits: bounds } } },
      'table.provisioned.writeUnits: must be an object with min, max; it is missing',
    ],
    [
      { table: { provisioned: { readUnits: { min: 1 }, writeUnits: bounds } } },
      'table.provisioned.readUnits.max: must be a number; it is missing',
    ],
    [
      { table: { warmThroughput: {} } },
      'table.warmThroughput: must have readUnitsPerSecond, writeUnitsPerSecond or both; got neither',
    ],
    [
      {
        table: {
          provisioned: { readUnits: bounds, writeUnits: bounds },
          warmThroughput: { writeUnitsPerSecond: 4999 },
        },
      },
      'table.warmThroughput.writeUnitsPerSecond: must be a whole number from 5000',
    ],
    [
      { removalPolicy: RemovalPolicy.SNAPSHOT },
      'removalPolicy: must be RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, RETAIN or DESTROY; got "snapshot"',
    ],
    [{ logRetention: 17 }, 'logRetention: must be a value of RetentionDays; got 17'],
    [{ scanLimit: Size.bytes(0) }, 'scanLimit in bytes: must be a whole number from 10000000'],
    [{ scanLimit: Size.mebibytes(9) }, 'scanLimit in bytes: must be a whole number from 10000000'],
    [
      { exportSchedule: 'cron(nightly)' },
      'exportSchedule: must be cron(…), rate(…) or off; got cron(nightly): it must have six fields',
    ],
    [{ exportSchedule: 'cron(15 23 31 4,6 ? *)' }, 'so it never runs'],
    [{ exportSchedule: 'rate(0 hours)' }, 'exportSchedule: must be cron(…), rate(…) or off; got rate(0 hours)'],
    [{ batchSchedule: 'cron(0 0 30 2 ? *)' }, 'batchSchedule: is "cron(0 0 30 2 ? *)"'],
    [{ batchSchedule: 'cron(* * * * ? *)' }, 'Glue starts jobs at most every five minutes'],
    [{ batchSchedule: 'cron(58,0 23,0 * * ? *)' }, 'Glue starts jobs at most every five minutes'],
    [{ batchSchedule: null }, 'batchSchedule: is null'],
    [{ batchSchedule: 'cron(0 3 * * ? 2020)' }, 'its years are over, so it never runs'],
    [{ exportSchedule: 'cron(0 3 ? * 2#1 1999)' }, 'its years are over, so it never runs'],
    [{ jobs: { marts: { schedule: 'cron(0 3 31W 4 ? *)' } } }, 'so it never runs'],
    [{ jobs: { maintain: { schedule: 'cron(0/4 * * * ? *)' } } }, 'jobs.maintain.schedule: is "cron(0/4 * * * ? *)"'],
  ])('%j is refused', (props, flaw) => expect(() => made(props)).toThrow(flaw));

  it('is a topic of another region', () => {
    const withTopicIn = (region: string) => {
      const stack = new Stack(scratchApp(), 'Shop', { env: { region: 'eu-west-1', account: '111122223333' } });
      return made(
        { alarmTopic: Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:${region}:111122223333:alarms`) },
        stack,
      );
    };
    expect(() => withTopicIn('us-east-1')).toThrow(
      'alarmTopic must be in the region of the stack, eu-west-1; got arn:aws:sns:us-east-1:111122223333:alarms',
    );
    expect(() => withTopicIn('eu-west-1')).not.toThrow();
  });

  it('is told of all fields at once', () =>
    expect(() => made({ shard: 2, stitch: 5, table: { provisioned: {} } })).toThrow(
      /shard: .*\n.*stitch: .*\n.*readUnits: .*\n.*writeUnits: /,
    ));
});

describe('what is only known when it is deployed', () => {
  const withToken = (props: (value: number) => object) => {
    const stack = new Stack(scratchApp(), 'Shop');
    return () => made(props(new CfnParameter(stack, 'Value', { type: 'Number' }).valueAsNumber), stack);
  };

  it.each([
    ['shards', (shards: number) => ({ shards })],
    ['requestsPerSecond', (requestsPerSecond: number) => ({ requestsPerSecond })],
    ['wakesPerSecond', (wakesPerSecond: number) => ({ wakesPerSecond })],
    ['importShare', (importShare: number) => ({ importShare })],
    ['eventRetention', (days: number) => ({ eventRetention: Duration.days(days) })],
    ['recoveryWindow', (days: number) => ({ recoveryWindow: Duration.days(days) })],
    ['rawRetention', (days: number) => ({ rawRetention: Duration.days(days) })],
    ['logRetention', (logRetention: number) => ({ logRetention })],
  ])('is refused as %s, by which the template is made', (prop, props) =>
    expect(withToken(props)).toThrow(`${prop}: must be known at synthesis; got a token`),
  );

  it.each([
    ['profileCallsPerSecond', (profileCallsPerSecond: number) => ({ profileCallsPerSecond })],
    ['stitch.reservedConcurrency', (reservedConcurrency: number) => ({ stitch: { reservedConcurrency } })],
    ['deliver.reservedConcurrency', (reservedConcurrency: number) => ({ deliver: { reservedConcurrency } })],
    ['jobs.events', (value: number) => ({ jobs: { events: { workers: value, timeout: Duration.minutes(value) } } })],
  ])('is taken as %s', (_, props) => expect(withToken(props)).not.toThrow());

  it('is taken as an address', () => {
    const stack = new Stack(scratchApp(), 'Shop');
    expect(() => made({ alarmEmail: new CfnParameter(stack, 'Mail').valueAsString }, stack)).not.toThrow();
  });
});

describe('what is unusual and right', () => {
  it.each([
    [{ shards: 0, stitch: { parallelizationFactor: 10, reservedConcurrency: 1 } }],
    [{ batchSchedule: 'cron(0/5 * * * ? *)' }],
    [
      {
        batchSchedule: 'cron(0/10 * * * ? *)',
        jobs: { matches: undefined, marts: undefined, maintain: { schedule: 'cron(0 3 L * ? *)' } },
      },
    ],
    [{ exportSchedule: 'rate(12 hours)' }],
    [{ scanLimit: Size.bytes(10_000_000) }],
    [{ lakeFormation: false, collect: {}, table: {}, jobs: {}, logRetention: undefined }],
  ])('%j', (props) => expect(() => made(props)).not.toThrow());

  it('a topic of another stack, and an address beside', () => {
    const stack = new Stack(scratchApp(), 'Shop');
    const alarmTopic = Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:111122223333:alarms');
    expect(() => made({ alarmTopic, alarmEmail: 'ops@example.com' }, stack)).not.toThrow();
  });

  it('what a stack is given beside', () => {
    const stack = {
      stackName: 'shop',
      env: { region: 'eu-west-1' },
      tags: { team: 'data' },
      terminationProtection: true,
    };
    expect(() => new CdpStack(scratchApp(), 'Cdp', { config, ...stack })).not.toThrow();
  });
});
