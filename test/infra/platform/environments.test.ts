import { describe, expect, it } from 'vitest';
import { at, listOf, type Resource } from '../rules/template.ts';
import { type SynthesizedStack, synthesizedStacks } from '../unbundled.ts';

const stacks = synthesizedStacks('docs/examples/environments.ts');
const named = (name: string): SynthesizedStack =>
  stacks.find((stack) => stack.name === name) ?? { name, terminationProtection: undefined, templates: [], files: [] };
const resources = ({ templates }: SynthesizedStack): Resource[] =>
  templates.flatMap((template) => Object.values(template.Resources));

/**
 * Properties by which an account knows a resource, by type; of the others CloudFormation makes the names up, or several
 * may have one name.
 */
const physicalNames: Record<string, string> = {
  'AWS::Athena::WorkGroup': 'Name',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::Glue::Database': 'DatabaseInput.Name',
  'AWS::Glue::Job': 'Name',
  'AWS::Glue::SecurityConfiguration': 'Name',
  'AWS::Glue::Trigger': 'Name',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::KinesisFirehose::DeliveryStream': 'DeliveryStreamName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::Scheduler::ScheduleGroup': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
};

/**
 * A value as its stack makes it: whatever refers to the stack or to something in it is another in another stack; the
 * account, the region and a text are not.
 */
const inStack = (stack: SynthesizedStack, value: unknown): string =>
  JSON.stringify(value).replaceAll(/("Ref":"|"Fn::GetAtt":\[")(?!AWS::(?!Stack))/g, `$1${stack.name} `);

const namesOf = (stack: SynthesizedStack): string[] =>
  resources(stack).flatMap(({ Type, Properties }) => {
    const value = at(Properties, physicalNames[Type] ?? 'none');
    return value === undefined ? [] : [`${Type} ${inStack(stack, value)}`];
  });

/** What alarms watch: a metric and its dimensions. */
const watchedBy = (stack: SynthesizedStack): string[] =>
  resources(stack)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .flatMap(({ Properties = {} }) => [
      Properties,
      ...listOf(Properties.Metrics).map((metric) => at(metric, 'MetricStat.Metric')),
    ])
    .filter((metric) => at(metric, 'Namespace') !== undefined)
    .map((metric) => inStack(stack, [at(metric, 'Namespace'), at(metric, 'MetricName'), at(metric, 'Dimensions')]));

const exportsOf = (stack: SynthesizedStack): string[] =>
  stack.templates
    .flatMap(({ Outputs = {} }) => Object.values(Outputs))
    .flatMap((output) => JSON.stringify(at(output, 'Export.Name')) ?? []);

const twice = (values: readonly string[]): string[] => values.filter((value, n) => values.indexOf(value) !== n);

describe('three environments of one configuration', () => {
  it('are three stacks, and two of them may go', () => {
    expect(stacks.map(({ name, terminationProtection }) => [name, terminationProtection])).toEqual([
      ['dev-Cdp', false],
      ['production-Cdp', true],
      ['staging-Cdp', false],
    ]);
  });

  it('have no name in common, not even in one account', () => {
    const names = stacks.flatMap(namesOf);
    expect(names.length).toBeGreaterThan(stacks.length);
    expect(twice(names)).toEqual([]);
    expect(twice(stacks.flatMap(exportsOf))).toEqual([]);
  });

  it('hear no alarm of each other, for they count apart', () => {
    const watched = stacks.map((stack) => [...new Set(watchedBy(stack))]);
    expect(Math.min(...watched.map(({ length }) => length))).toBeGreaterThan(10);
    expect(twice(watched.flat())).toEqual([]);
  });

  it('would be seen to have one, or to count together, where the stack is not in it', () => {
    const onlyOne = (resource: Resource) =>
      stacks.slice(0, 2).map((stack) => ({ ...stack, templates: [{ Resources: { resource } }] }));
    const group = (LogGroupName: unknown) =>
      onlyOne({ Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName } }).flatMap(namesOf);
    expect(twice(group('/cdp/collect'))).toHaveLength(1);
    expect(twice(group({ 'Fn::Join': ['-', ['/cdp', { Ref: 'AWS::Region' }]] }))).toHaveLength(1);
    expect(twice(group({ 'Fn::Join': ['-', ['/cdp', { Ref: 'AWS::StackName' }]] }))).toEqual([]);
    const alarm = (Value: unknown) =>
      onlyOne({
        Type: 'AWS::CloudWatch::Alarm',
        Properties: { Namespace: 'Cdp', Dimensions: [{ Name: 'service', Value }] },
      }).flatMap(watchedBy);
    expect(twice(alarm('stitch'))).toHaveLength(1);
    expect(twice(alarm({ Ref: 'Stitch' }))).toEqual([]);
  });
});

it('somebody hears the alarms of production', () => {
  const heard = (name: string) => resources(named(name)).filter(({ Type }) => Type === 'AWS::SNS::Subscription').length;
  expect([heard('production-Cdp'), heard('dev-Cdp')]).toEqual([1, 0]);
});

/** Types whose resources hold something that nobody can make again. */
const holdsData = /^AWS::(DynamoDB::Table|S3::Bucket|SecretsManager::Secret|KMS::Key|Glue::Database)$/;
const kept = (stack: SynthesizedStack): Resource[] =>
  resources(stack).filter((resource) => /^Retain/.test(String(at(resource, 'DeletionPolicy'))));

describe('when its stack is deleted', () => {
  it('production keeps its data', () => {
    const data = resources(named('production-Cdp')).filter(({ Type }) => holdsData.test(Type));
    expect(data.length).toBeGreaterThan(5);
    expect(data.filter((resource) => !kept(named('production-Cdp')).includes(resource))).toEqual([]);
  });

  it.each(['dev-Cdp', 'staging-Cdp'])('%s goes with everything in it', (name) => {
    expect(resources(named(name)).length).toBeGreaterThan(100);
    expect(kept(named(name))).toEqual([]);
  });
});
