import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Topics } from '../imports/topics.ts';
import { raise } from './alarm.ts';
import { FunctionAlarms } from './function-alarms.ts';
import { period } from './metrics.ts';

/** Records that wait in a topic. A function takes so many in less than a minute. */
const many = 10_000;

/** Rings when records of a source's topics wait, and when their function fails. */
export class TopicAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { topic, topics }: { readonly topic: ITopic; readonly topics: Topics }) {
    super(scope, id);
    const { take } = topics;
    this.all = [
      raise(this, topic, 'Behind', {
        metric: take.metric('OffsetLag', { period, statistic: 'max' }),
        above: many,
        periods: 6,
        text: `More than ${many} records have waited in a topic of Kafka for half an hour`,
        runbook: 'topicsbehind',
      }),
      ...new FunctionAlarms(scope, 'Functions', { topic, functions: [take], mappings: new Map(), apis: [] }).all,
    ];
  }
}
