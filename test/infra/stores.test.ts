import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importPrefix, lakePrefix } from '../../lambdas/core/contract/storage.ts';
import type { Store } from '../../lambdas/core/privacy/stores/store.ts';
import { stores } from '../../lambdas/core/privacy/stores/stores.ts';
import { resultsPrefix } from '../../lib/analytics/analytics.ts';
import { tableNames } from '../../lib/lake/lake-rules.ts';
import { at, listOf, type Resource, type Template } from './rules/template.ts';
import { shipped } from './shipped.ts';

/** Types of resources that keep nothing of what flows through them. A type that is not here must be in a store. */
const keepsNothing = new Set([
  ...['ApiGatewayV2::Api', 'ApiGatewayV2::Integration', 'ApiGatewayV2::Route', 'ApiGatewayV2::Stage'],
  ...['Athena::NamedQuery', 'CloudFormation::Stack', 'CloudWatch::Alarm', 'CloudWatch::Dashboard'],
  ...['Events::EventBus', 'Events::Rule', 'Glue::Database', 'Glue::Job', 'Glue::SecurityConfiguration'],
  // Views, whose rows are those of their tables.
  ...['Glue::Table', 'Glue::Trigger', 'IAM::ManagedPolicy', 'IAM::Policy', 'IAM::Role', 'KMS::Key'],
  ...['Lambda::EventInvokeConfig', 'Lambda::EventSourceMapping', 'Lambda::Function', 'Lambda::Permission'],
  // A stream of a log group that is in a store.
  ...['Logs::LogStream', 'S3::BucketPolicy', 'SNS::Topic', 'SNS::TopicPolicy', 'SNS::Subscription', 'SQS::QueuePolicy'],
  ...['Scheduler::Schedule', 'Scheduler::ScheduleGroup'],
]);

const nameOf = ({ Type }: Resource): string => Type.replace(/^AWS::/, '');

/** The stores that cover a resource. */
const covering = (id: string, resource: Resource): readonly Store[] =>
  stores.filter(({ place }) => place.in === 'template' && place.type === nameOf(resource) && place.ids.test(id));

/** Resources that are in no store, or in two. */
const uncovered = ({ Resources }: Template): string[] =>
  Object.entries(Resources).flatMap(([id, resource]) => {
    if (resource.Type.startsWith('Custom::') || keepsNothing.has(nameOf(resource))) return [];
    const { length } = covering(id, resource);
    return length === 1 ? [] : [`${id} (${resource.Type}) is in ${length} stores`];
  });

const properties = (resource: Resource, path: string): unknown => at(resource, `Properties.${path}`);

/** Days after which each type of resource forgets, by its own properties; what names none is not looked at. */
const daysOf: Readonly<Record<string, (resource: Resource) => number>> = {
  'Logs::LogGroup': (group) => Number(properties(group, 'RetentionInDays') ?? Number.POSITIVE_INFINITY),
  'SQS::Queue': (queue) => Number(properties(queue, 'MessageRetentionPeriod') ?? 345_600) / 86_400,
  'Kinesis::Stream': (stream) => Number(properties(stream, 'RetentionPeriodHours') ?? 24) / 24,
  'DynamoDB::Table': (table) =>
    Number(properties(table, 'PointInTimeRecoverySpecification.RecoveryPeriodInDays') ?? 35),
};

/** Resources that keep longer than their store says. */
const keptTooLong = ({ Resources }: Template): string[] =>
  Object.entries(Resources).flatMap(([id, resource]) => {
    const days = daysOf[nameOf(resource)]?.(resource) ?? 0;
    const said = covering(id, resource)[0]?.days ?? Number.POSITIVE_INFINITY;
    return days > said ? [`${id} keeps ${days} days, and not ${said}`] : [];
  });

/** The days after which an object of the lake goes; infinite if no rule says so. */
function daysBelow(prefix: string, { Resources }: Template): number {
  const [, bucket] =
    Object.entries(Resources).find(([id, { Type }]) => Type === 'AWS::S3::Bucket' && /LakeBucket/.test(id)) ?? [];
  const rules = bucket === undefined ? [] : listOf(properties(bucket, 'LifecycleConfiguration.Rules'));
  const days = rules
    .filter(
      (rule) => prefix.startsWith(String(at(rule, 'Prefix') ?? 'none')) && at(rule, 'ExpirationInDays') !== undefined,
    )
    .map((rule) => Number(at(rule, 'ExpirationInDays')));
  return Math.min(...days);
}

/** What is declared of one kind of place, each once. */
const declared = (names: (store: Store) => readonly string[]): string[] => stores.flatMap(names).sort();
const prefixesOf = ({ place }: Store) => (place.in === 'lake bucket' ? place.prefixes : []);
const tablesOf = ({ place }: Store) => (place.in === 'lake tables' ? place.tables : []);
const partitionsOf = ({ place }: Store) => (place.in === 'profile table' ? place.partitions : []);

describe('the list of stores', () => {
  const template = shipped();

  it('has every resource of the template that keeps anything, once', () => expect(uncovered(template)).toEqual([]));

  it('would miss a new table, a new kind of store, and a resource that two stores claim', () => {
    const made = (Type: string): Template => ({ Resources: { Made: { Type } } });
    expect(uncovered(made('AWS::DynamoDB::Table'))).toEqual(['Made (AWS::DynamoDB::Table) is in 0 stores']);
    expect(uncovered(made('AWS::S3::Bucket'))).toHaveLength(1);
    expect(uncovered(made('AWS::Timestream::Table'))).toHaveLength(1);
    expect(uncovered({ Resources: { FailedBatchesAccessLogs: { Type: 'AWS::S3::Bucket' } } })).toEqual([
      'FailedBatchesAccessLogs (AWS::S3::Bucket) is in 2 stores',
    ]);
  });

  it('keeps nothing longer than it says', () => expect(keptTooLong(template)).toEqual([]));

  it('would see a log group without a time, and a queue that keeps longer', () => {
    const long = { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 15 * 86_400 } };
    expect(keptTooLong({ Resources: { Made: { Type: 'AWS::Logs::LogGroup' } } })).toHaveLength(1);
    expect(keptTooLong({ Resources: { Made: long } })).toEqual(['Made keeps 15 days, and not 14']);
  });

  it('has every prefix of the lake bucket but that of its tables, once, and none keeps longer than it says', () => {
    const all = [...Object.values(lakePrefix), ...Object.values(importPrefix)];
    expect(declared(prefixesOf)).toEqual(all.filter((prefix) => prefix !== lakePrefix.tables).sort());
    for (const store of stores)
      for (const prefix of prefixesOf(store))
        expect(daysBelow(prefix, template), prefix).toBe(store.days ?? Number.POSITIVE_INFINITY);
  });

  it('has results of queries as long as it says', () => {
    const days = stores.find(({ place }) => place.in === 'template' && place.type === 'Athena::WorkGroup')?.days;
    expect(daysBelow(resultsPrefix, template)).toBe(days);
  });

  it('has every table of the lake, once', () => expect(declared(tablesOf)).toEqual([...tableNames].sort()));

  it('has the beginning of every partition that the adapters make', () => {
    const code = ['lambdas/adapters/dynamodb/keys.ts', 'lambdas/core/contract/storage.ts'].map((file) =>
      readFileSync(file, 'utf8'),
    );
    const begun = code.join('\n').matchAll(/['`]([a-z]+#)/g);
    const sortKeys = new Set(['member#']);
    const made = [...new Set([...begun].map(([, partition = '']) => partition))].filter((each) => !sortKeys.has(each));
    expect(declared(partitionsOf)).toEqual(made.sort());
  });

  it('says what a store has, or that nothing is there, and how that can be seen', () => {
    for (const { name, holds, erasedBy, proof } of stores) {
      expect(proof, name).not.toBe('');
      expect(holds === undefined, name).toBe(/^nothing is there/.test(erasedBy));
    }
  });
});
