import {
  CloudWatchClient,
  GetMetricDataCommand,
  type Metric,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { pollsOf } from '../../lambdas/adapters/queues/polls.ts';
import type { DeployedStack } from '../deployment/deployed-stack.ts';
import {
  destinationOf,
  destinationQueues,
  hasDeadLetters,
  resourceNamed,
  type StackResource,
} from '../deployment/stack-resources.ts';
import { couldNotBeRead, type Finding, span } from './report.ts';

/** Milliseconds; a longer wait also rings an alarm. */
const tooLong = 600_000;

/** What a status is read from. */
export interface Surroundings extends DeployedStack {
  readonly resources: readonly StackResource[];
  readonly now: number;
}

/** How far a function is behind its stream, by its last quarter of an hour. */
export async function behind(part: string, { where, resources, now }: Surroundings, text: string): Promise<Finding[]> {
  const name = resourceNamed(resources, 'AWS::Lambda::Function', text)?.physicalId;
  if (name === undefined) return [{ part, state: 'is not in the stack', wrong: `no function ${text}` }];
  const age = await latest(where, now, {
    Namespace: 'AWS/Lambda',
    MetricName: 'IteratorAge',
    Dimensions: [{ Name: 'FunctionName', Value: name }],
  });
  if (age === undefined) return [{ part, state: 'read nothing in the last 15 min' }];
  return [
    { part, state: `${span(age)} behind`, wrong: age > tooLong ? `more than ${span(tooLong)} behind` : undefined },
  ];
}

/** The highest value of a metric in the newest five minutes with data, within a quarter of an hour. */
async function latest(where: object, now: number, Metric: Metric): Promise<number | undefined> {
  const { MetricDataResults: [result] = [] } = await new CloudWatchClient(where).send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 900_000),
      EndTime: new Date(now + 60_000),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: [{ Id: 'age', MetricStat: { Metric, Period: 300, Stat: 'Maximum' } }],
    }),
  );
  return result?.Values?.[0];
}

/** Waiting and failed deliveries of each destination, and the age of the oldest. */
export async function destinations({ where, resources, now }: Surroundings): Promise<Finding[]> {
  const one = (queue: StackResource) =>
    queueFindings(where, now, queue).catch((error) => couldNotBeRead(`destination ${destinationOf(queue)}`, error));
  return (await pMap(destinationQueues(resources), one, { concurrency: 8 })).sort((a, b) => (a.part < b.part ? -1 : 1));
}

async function queueFindings(where: object, now: number, queue: StackResource): Promise<Finding> {
  const part = `destination ${destinationOf(queue)}`;
  const { waiting, underWay } = await messagesIn(where, queue.physicalId);
  if (hasDeadLetters(queue)) {
    const count = waiting + underWay;
    return {
      part,
      state: `${count} dead letters`,
      wrong: count > 0 ? 'deliveries were given up: npm run redrive' : undefined,
    };
  }
  const rests = (await isResting(where, queue.physicalId)) ? '; its breaker is open, and the queue rests' : '';
  const age = waiting === 0 ? undefined : await ageOfOldest(where, now, queue.physicalId);
  const since = age === undefined ? '' : `, the oldest for ${span(age * 1000)}`;
  const wrong = age !== undefined && age * 1000 > tooLong ? `deliveries wait more than ${span(tooLong)}` : undefined;
  return {
    part,
    state: `${waiting} deliveries wait${since}, ${underWay} are under way or wait for another try${rests}`,
    wrong,
  };
}

/** Whether Lambda polls a queue no more, until its destination's breaker probes. */
async function isResting(where: object, url: string): Promise<boolean> {
  const lambda = new LambdaClient(where);
  const queues = { of: async () => url, forget: () => {} };
  return (await pollsOf(lambda, queues, await lambda.config.region())('')).state === 'off';
}

/** How many messages of a queue wait, and how many are under way or wait for another try. */
export async function messagesIn(
  where: object,
  QueueUrl: string,
): Promise<{ readonly waiting: number; readonly underWay: number }> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  // Not the endpoint in the queue's URL, because an emulator's own address may be another.
  const sqs = new SQSClient({ ...where, useQueueUrlAsEndpoint: false });
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }));
  const [waiting, underWay] = names.map((name) => Number(Attributes[name] ?? 0)) as [number, number];
  return { waiting, underWay };
}

/** Seconds for which the oldest message of a queue has waited, by its last quarter of an hour. */
export const ageOfOldest = (where: object, now: number, queueUrl: string): Promise<number | undefined> =>
  latest(where, now, {
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: [{ Name: 'QueueName', Value: queueUrl.slice(queueUrl.lastIndexOf('/') + 1) }],
  });

/** Ringing alarms. */
export async function alarms({ where, resources }: Surroundings): Promise<Finding[]> {
  const ours = new Set(
    resources.filter(({ type }) => type === 'AWS::CloudWatch::Alarm').map(({ physicalId }) => physicalId),
  );
  const ringing: Finding[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms(
    { client: new CloudWatchClient(where) },
    { StateValue: 'ALARM' },
  ))
    for (const { AlarmName = '', AlarmDescription = '' } of MetricAlarms)
      if (ours.has(AlarmName)) ringing.push({ part: '', state: AlarmName, wrong: AlarmDescription });
  return [{ part: 'alarms', state: `${ringing.length} of ${ours.size} ring` }, ...ringing];
}
