import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { clientSettings } from '../../../local/platform/aws.ts';
import { deployShared, type EmulatedStack } from '../stack/emulated-stack.ts';
import { eventually } from '../stack/eventually.ts';
import { getAtt, referenceOutputs } from '../stack/template-parts.ts';

vi.setConfig({ testTimeout: 60_000 });

let stack: EmulatedStack;

const metric = (name: string, by: string) => ({
  Namespace: 'Shop',
  MetricName: name,
  Dimensions: [{ Name: 'by', Value: by }],
});
const alarm = (looksAt: object, more: object = {}) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    ...looksAt,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    AlarmActions: [{ Ref: 'Topic' }],
    OKActions: [{ Ref: 'Topic' }],
    ...more,
  },
});
const sum = (name: string, by: string, more: object = {}) =>
  alarm({ ...metric(name, by), Statistic: 'Sum', Period: 300 }, more);
const reckoned = (Expression: string, ids: readonly string[]) =>
  alarm({
    Metrics: [
      { Id: 'expr', Expression, ReturnData: true },
      ...ids.map((Id) => ({
        Id,
        MetricStat: { Metric: metric(Id, 'one'), Stat: 'Sum', Period: 300 },
        ReturnData: false,
      })),
    ],
  });

const letIn = (id: string, service: string) => ({
  Type: 'AWS::SNS::TopicPolicy',
  Properties: {
    Topics: [{ Ref: id }],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sns:Publish', Resource: { Ref: id } }],
    },
  },
});

const alarms = {
  One: sum('errors', 'one'),
  Other: sum('errors', 'other'),
  Twice: sum('often', 'one', { Period: 10, EvaluationPeriods: 2 }),
  Silent: sum('signs', 'one', {
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    TreatMissingData: 'breaching',
    Period: 10,
    EvaluationPeriods: 2,
  }),
  Unknown: sum('nothing', 'one', { TreatMissingData: 'missing' }),
  Unread: reckoned('IF(came > 0 AND FILL(read, 0) == 0, 1, 0)', ['came', 'read']),
  Both: reckoned('FILL(a, 0) + FILL(b, 0)', ['a', 'b']),
  Fuller: reckoned('MAX([bytes / 100, records / 10]) > 1', ['bytes', 'records']),
  Unheard: sum('errors', 'one', { AlarmActions: [{ Ref: 'Closed' }] }),
};

const template = {
  Resources: {
    Topic: { Type: 'AWS::SNS::Topic' },
    Closed: { Type: 'AWS::SNS::Topic' },
    OpenPolicy: letIn('Topic', 'cloudwatch.amazonaws.com'),
    ClosedPolicy: letIn('Closed', 's3.amazonaws.com'),
    Queue: { Type: 'AWS::SQS::Queue' },
    QueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Queue' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: getAtt('Queue', 'Arn'),
            },
          ],
        },
      },
    },
    ...Object.fromEntries(
      ['Topic', 'Closed'].map((topic) => [
        `${topic}Heard`,
        {
          Type: 'AWS::SNS::Subscription',
          DependsOn: 'QueuePolicy',
          Properties: {
            Protocol: 'sqs',
            TopicArn: { Ref: topic },
            Endpoint: getAtt('Queue', 'Arn'),
            RawMessageDelivery: true,
          },
        },
      ]),
    ),
    ...alarms,
  },
  Outputs: referenceOutputs('Queue', ...Object.keys(alarms)),
};

beforeAll(async () => {
  stack = await deployShared(template);
}, 120_000);

afterAll(() => stack?.stop());

const put = (name: string, Value: number, by = 'one') => {
  const { Namespace, MetricName, Dimensions } = metric(name, by);
  return new CloudWatchClient(clientSettings(stack.url)).send(
    new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName, Dimensions, Value }] }),
  );
};

async function stateOf(id: string): Promise<string | undefined> {
  const { MetricAlarms: [found] = [] } = await new CloudWatchClient(clientSettings(stack.url)).send(
    new DescribeAlarmsCommand({ AlarmNames: [stack.outputs[id] ?? ''] }),
  );
  return found?.StateValue;
}

const becomes = (id: string, state: string) =>
  eventually(`${id} is ${state}`, async () => ((await stateOf(id)) === state ? true : undefined));

const heard: { name: string; state: string }[] = [];
const isHeard = (id: string, state: string) =>
  eventually(`${id} is heard as ${state}`, async () => {
    const { Messages = [] } = await new SQSClient(clientSettings(stack.url)).send(
      new ReceiveMessageCommand({ QueueUrl: stack.outputs.Queue, MaxNumberOfMessages: 10 }),
    );
    for (const { Body = '' } of Messages) {
      const { AlarmName, NewStateValue } = JSON.parse(Body);
      heard.push({ name: AlarmName, state: NewStateValue });
    }
    return heard.find((message) => message.name === stack.outputs[id] && message.state === state);
  });

describe('an alarm', () => {
  it('rings for what has its dimensions, and is heard, and no other does', async () => {
    await put('errors', 2);
    await isHeard('One', 'ALARM');
    expect(await stateOf('Other')).toBe('OK');
  });

  it('is not heard where the topic does not let CloudWatch in', async () => {
    await becomes('Unheard', 'ALARM');
    await put('errors', 1, 'other');
    await isHeard('Other', 'ALARM');
    expect(
      heard.filter(({ name }) => name === stack.outputs.Unheard && name !== undefined).map(({ state }) => state),
    ).not.toContain('ALARM');
  });

  it('rings by itself when nothing is counted where that is wrong, and ends with the first count', async () => {
    await becomes('Silent', 'ALARM');
    await put('signs', 1);
    await becomes('Silent', 'OK');
    await becomes('Silent', 'ALARM');
  });

  it('is in neither state when nothing was ever counted, unless it says how that is taken', async () => {
    expect(await stateOf('Unknown')).toBe('INSUFFICIENT_DATA');
    expect(await stateOf('Both')).toBe('OK');
  });

  it('rings after so many periods in a row, and ends when there is nothing any more', async () => {
    await put('often', 1);
    await becomes('One', 'ALARM');
    expect(await stateOf('Twice')).toBe('OK');
    await eventually('it rings', async () => {
      await put('often', 1);
      return (await stateOf('Twice')) === 'ALARM' ? true : undefined;
    });
    await becomes('Twice', 'OK');
  });

  it.each([
    { id: 'Unread', counts: [['came', 1]], ends: [['read', 1]] },
    { id: 'Both', counts: [['b', 1]], ends: undefined },
    { id: 'Fuller', counts: [['bytes', 50], ['records', 11]], ends: undefined }, // biome-ignore format: a row a case
  ] as const)('reckons with metrics: $id', async ({ id, counts, ends }) => {
    await becomes(id, 'OK');
    for (const [name, value] of counts) await put(name, value);
    await becomes(id, 'ALARM');
    for (const [name, value] of ends ?? []) await put(name, value);
    if (ends !== undefined) await becomes(id, 'OK');
  });
});
