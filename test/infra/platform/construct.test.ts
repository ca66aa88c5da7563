import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import type { CdpConfigInput } from '../../../lambdas/core/config/config.ts';
import { CustomerDataPlatform } from '../../../lib/platform/customer-data-platform.ts';
import type { CustomerDataPlatformProps } from '../../../lib/platform/platform-props.ts';
import { broken } from '../rules/all.ts';
import { at, ofType, type Template } from '../rules/template.ts';
import { synthesized, synthesizedFile } from '../unbundled.ts';

const twoDestinations: CdpConfigInput = {
  ...config,
  destinations: [
    { id: 'mail', kind: 'webhook', segments: ['newsletter'] },
    { id: 'ads-eu', kind: 'webhook', segments: ['big_spenders', 'repeat_buyers'] },
  ],
};

const apps: Record<string, readonly CustomerDataPlatformProps[]> = {
  Default: [{ config }],
  Chosen: [
    {
      config: twoDestinations,
      removalPolicy: RemovalPolicy.DESTROY,
      shards: 3,
      batchingWindow: Duration.minutes(1),
      rawRetention: Duration.days(7),
      recoveryWindow: Duration.days(35),
      requestsPerSecond: 50,
      profileCallsPerSecond: 20,
    },
  ],
  Bare: [{ config: { sources: config.sources.filter(({ kind }) => kind !== 'webhook') }, shards: 0 }],
  Pair: [{ config }, { config: twoDestinations }],
};

let templates: Record<string, Template> = {};
beforeAll(() => {
  templates = synthesized((app) => {
    for (const [name, platforms] of Object.entries(apps)) {
      const stack = new Stack(app, name);
      for (const [index, props] of platforms.entries()) new CustomerDataPlatform(stack, `Platform${index}`, props);
    }
  });
});

const valuesAt = (stack: string, type: string, path: string): unknown[] =>
  ofType(templates[stack] ?? { Resources: {} }, type).map(([, resource]) => at(resource, path));
const signing = (stack: string): string[] =>
  Object.keys(templates[stack]?.Resources ?? {}).filter((id) => /SourceSecrets|SignaturesRefused/.test(id));
const policies = (stack: string): unknown[] =>
  Object.values(templates[stack]?.Resources ?? {}).map((resource) => at(resource, 'DeletionPolicy'));

it.each([
  { stack: 'Default', parts: 2 },
  { stack: 'Bare', parts: 0 },
])('$stack has $parts parts for sources that sign: a secret and an alarm, or neither', ({ stack, parts }) =>
  expect(signing(stack)).toHaveLength(parts),
);

describe('the construct in an app of somebody else', () => {
  it('keeps every rule of the shipped template, without its settings of the CDK', () => {
    const embedded = synthesizedFile('docs/examples/embed.ts', 'Shop');
    expect(broken(embedded)).toEqual([]);
  });

  it('says at once that it is placed too deep for the tags by which its data is found again', () => {
    const deep = () =>
      synthesized((app) => new CustomerDataPlatform(new Stack(app, 'Deep'), 'A'.repeat(90), { config }));
    expect(deep).toThrow(/nested too deep: a tag may have 127 characters; got \d+: customer-data-platform:holds:AAA/);
  });

  it('can be placed twice in one stack, each with roles, key and bus of its own', () => {
    expect(valuesAt('Pair', 'KMS::Key', 'Type')).toHaveLength(2);
    expect(new Set(valuesAt('Pair', 'Events::EventBus', 'Properties.Name')).size).toBe(2);
    expect(new Set(valuesAt('Pair', 'Lambda::Function', 'Properties.Role.Fn::GetAtt.0')).size).toBe(13 + 12);
  });

  it('makes as many destinations as it is told, each with a rule for what is announced to it', () => {
    const listening = (stack: string) =>
      valuesAt(stack, 'Events::Rule', 'Properties.EventPattern.detail.destinations').filter((ids) => ids !== undefined);
    expect(listening('Chosen')).toEqual([['mail'], ['ads-eu']]);
    expect(listening('Bare')).toEqual([]);
    expect(valuesAt('Bare', 'Lambda::Function', 'Type')).toHaveLength(10);
  });
});

describe('removalPolicy', () => {
  it('keeps everything by default', () => {
    expect(policies('Default')).toContain('Retain');
    expect(valuesAt('Default', 'DynamoDB::Table', 'Properties.DeletionProtectionEnabled')).toEqual([true]);
  });

  it('leaves nothing behind when told to destroy', () => {
    expect(policies('Chosen')).not.toContain('Retain');
    expect(policies('Chosen')).toContain('Delete');
    expect(valuesAt('Chosen', 'DynamoDB::Table', 'Properties.DeletionProtectionEnabled')).toEqual([false]);
  });
});

describe('every other choice has its default, and holds', () => {
  const window = 'Properties.MaximumBatchingWindowInSeconds';
  const expiry = 'Properties.LifecycleConfiguration.Rules.0.ExpirationInDays';
  const recovery = 'Properties.PointInTimeRecoverySpecification.RecoveryPeriodInDays';
  const settings = 'Properties.DefaultRouteSettings';

  it.each([
    { prop: 'shards', type: 'Kinesis::Stream', path: 'Properties.ShardCount', byDefault: 1, chosen: 3 },
    { prop: 'batchingWindow', type: 'Lambda::EventSourceMapping', path: window, byDefault: 5, chosen: 60 },
    { prop: 'recoveryWindow', type: 'DynamoDB::Table', path: recovery, byDefault: 14, chosen: 35 },
    { prop: 'rawRetention', type: 'S3::Bucket', path: expiry, byDefault: 21, chosen: 7 },
    {
      prop: 'requestsPerSecond',
      type: 'ApiGatewayV2::Stage',
      path: `${settings}.ThrottlingRateLimit`,
      byDefault: 1000,
      chosen: 50,
    },
    {
      prop: 'profileCallsPerSecond',
      type: 'ApiGatewayV2::Stage',
      path: `${settings}.ThrottlingRateLimit`,
      byDefault: 100,
      chosen: 20,
    },
    {
      prop: 'bursts',
      type: 'ApiGatewayV2::Stage',
      path: `${settings}.ThrottlingBurstLimit`,
      byDefault: 2000,
      chosen: 100,
    },
  ])('$prop', ({ type, path, byDefault, chosen }) => {
    expect(valuesAt('Default', type, path)).toContain(byDefault);
    expect(valuesAt('Chosen', type, path)).toContain(chosen);
    expect(valuesAt('Chosen', type, path)).not.toContain(byDefault);
  });

  it('no shards means that Kinesis decides', () => {
    expect(valuesAt('Bare', 'Kinesis::Stream', 'Properties.StreamModeDetails.StreamMode')).toEqual(['ON_DEMAND']);
    expect(valuesAt('Bare', 'Kinesis::Stream', 'Properties.ShardCount')).toEqual([undefined]);
  });
});
