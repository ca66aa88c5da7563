import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { output } from '../../../lambdas/core/contract/outputs.ts';
import { eventually } from '../observed/eventually.ts';
import { asOwner, platform, unique } from '../platform/deployment.ts';

/** The deployment's alarms, somebody who hears them, and how each was made to ring. */
export interface Ringing {
  readonly alarms: ReadonlyMap<string, MetricAlarm>;
  readonly ears: Ears;
  readonly rung: Map<string, string>;
}

/** Subscribes to the alarms of the deployment. */
export const listenToAlarms = async (): Promise<Ringing> => ({
  ears: await subscribe(),
  alarms: await deployedAlarms(),
  rung: new Map(),
});

/**
 * Does again and again what makes an alarm ring, until its message has come; with `sooner` a copy of it that looks
 * sooner. Gives the name under which it rang.
 */
export async function ring(
  { alarms, ears, rung }: Ringing,
  name: string,
  how: string,
  cause: Cause,
  sooner?: Sooner,
): Promise<string> {
  const alarm = alarms.get(name);
  if (alarm?.AlarmName === undefined) throw new Error(`no alarm ${name}; there are ${[...alarms.keys()].join(', ')}`);
  const told = sooner === undefined ? alarm.AlarmName : await copied(name, alarm, sooner);
  await hear(ears, told, 'ALARM', cause);
  rung.set(name, sooner === undefined ? how : `${how} (${JSON.stringify(sooner)})`);
  return told;
}

/** Waits until the message has come that an alarm is in a state; does something again and again meanwhile. */
export const hear = (ears: Ears, alarm: string, state: string, cause: Cause = async () => {}): Promise<void> =>
  eventually(
    async () => {
      await cause();
      await ears.listen();
      expect(ears.states(alarm), alarm).toContain(state);
    },
    { within: 90_000, every: 1_000 },
  );

type Cause = () => Promise<unknown>;

/** How a copy of an alarm differs: nobody waits here for minutes and hours. */
export type Sooner = Partial<Pick<MetricAlarm, 'Threshold' | 'Period' | 'EvaluationPeriods' | 'DatapointsToAlarm'>>;

/** What somebody who subscribed to the topic of alarms was told. */
interface Ears {
  /** States of an alarm, in the order in which they came. */
  states(alarm: string): readonly string[];
  /** Everything that is no alarm's. */
  readonly others: readonly string[];
  listen(): Promise<void>;
}

const sqs = new SQSClient(asOwner);
const cloudWatch = new CloudWatchClient(asOwner);
const formation = new CloudFormationClient(asOwner);

/** Subscribes a queue to the topic of alarms. */
async function subscribe(): Promise<Ears> {
  const QueueUrl = await deployQueue(platform.stack[output.alarmTopic]);
  const heard: { AlarmName: string; NewStateValue: string }[] = [];
  const others: string[] = [];
  return {
    others,
    states: (alarm) => heard.filter(({ AlarmName }) => AlarmName === alarm).map(({ NewStateValue }) => NewStateValue),
    async listen() {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      for (const { Body = '', ReceiptHandle } of Messages) {
        if (Body.includes('"AlarmName"')) heard.push(JSON.parse(Body));
        else others.push(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    },
  };
}

async function deployQueue(TopicArn: string | undefined): Promise<string> {
  const Endpoint = { 'Fn::GetAtt': ['Queue', 'Arn'] };
  const Statement = [
    { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: Endpoint },
  ];
  const Resources = {
    Queue: { Type: 'AWS::SQS::Queue' },
    Policy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: { Version: '2012-10-17', Statement } },
    },
    Heard: {
      Type: 'AWS::SNS::Subscription',
      DependsOn: 'Policy',
      Properties: { Protocol: 'sqs', TopicArn, Endpoint, RawMessageDelivery: true },
    },
  };
  const outputs = await deploy(unique('ears'), { Resources, Outputs: { Queue: { Value: { Ref: 'Queue' } } } });
  return outputs.Queue ?? '';
}

async function deploy(StackName: string, template: object): Promise<Record<string, string>> {
  await formation.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template) }));
  const { StackStatus, Outputs = [] } = await eventually(async () => {
    const { Stacks: [stack] = [] } = await formation.send(new DescribeStacksCommand({ StackName }));
    expect(stack?.StackStatus).not.toMatch(/IN_PROGRESS$/);
    return stack as Stack;
  });
  if (StackStatus !== 'CREATE_COMPLETE') throw new Error(`${StackName}: ${StackStatus}`);
  return Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}

/**
 * All alarms of the deployment, by what the template calls them in their names; of those that each destination has, the
 * ones of `crm`, whose receiver and queues tests have.
 */
async function deployedAlarms(): Promise<ReadonlyMap<string, MetricAlarm>> {
  const found: [string, MetricAlarm][] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: cloudWatch }, {}))
    for (const alarm of MetricAlarms) {
      const { AlarmName = '' } = alarm;
      // Before the word may be a source, whose alarms have one stack.
      const [, of, what] = /-(?:Platform)?(\w*?)Alarms(\w+?)[0-9A-F]{8}-/.exec(AlarmName) ?? [];
      found.push([what === undefined ? AlarmName : `${of}${what}`, alarm]);
    }
  const isOurs = ({ AlarmName = '' }: MetricAlarm): boolean => AlarmName.includes('DestinationCrm');
  return new Map(found.toSorted(([, a], [, b]) => Number(isOurs(a)) - Number(isOurs(b))));
}

/** Deploys a copy of an alarm that looks at the same, sooner; gives its name. */
async function copied(name: string, alarm: MetricAlarm, sooner: Sooner): Promise<string> {
  const { MetricName, Namespace, Dimensions, Statistic, Metrics, Period } = alarm;
  const { EvaluationPeriods, DatapointsToAlarm, Threshold, ComparisonOperator, TreatMissingData } = alarm;
  const inPeriods = (Metrics ?? []).map(({ MetricStat, ...more }) => ({
    ...more,
    ...(MetricStat !== undefined && { MetricStat: { ...MetricStat, Period: sooner.Period ?? MetricStat.Period } }),
  }));
  const AlarmName = unique(`Sooner-${name}`);
  const looksAt =
    inPeriods.length > 0 ? { Metrics: inPeriods } : { MetricName, Namespace, Dimensions, Statistic, Period };
  const Properties = {
    AlarmName,
    ...looksAt,
    ...{ EvaluationPeriods, DatapointsToAlarm, Threshold, ComparisonOperator, TreatMissingData },
    ...(inPeriods.length > 0 ? { ...sooner, Period: undefined } : sooner),
    ...{ AlarmActions: alarm.AlarmActions, OKActions: alarm.OKActions },
  };
  await deploy(AlarmName, { Resources: { Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties } } });
  return AlarmName;
}
