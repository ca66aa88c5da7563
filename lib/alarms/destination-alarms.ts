import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { raise } from './alarm.ts';
import { period } from './metrics.ts';

/** One destination's queues. */
export interface DestinationAlarmsProps {
  readonly topic: ITopic;
  /** The destination's id. */
  readonly destination: string;
  readonly queue: IQueue;
  readonly deadLetters: IQueue;
}

/** Seconds. A message that ends its function comes back after three minutes, and no longer counts once it was received three times. */
const fiveMinutes = 300;

/**
 * Rings when deliveries to one destination were given up or wait. They wait, too, where its function fails or may not run, so these two are all:
 * an alarm more is one for each destination, of which one operation of CloudFormation makes 200.
 */
export class DestinationAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { topic, destination, queue, deadLetters }: DestinationAlarmsProps) {
    super(scope, id);
    this.all = [
      raise(this, topic, 'DeadLetters', {
        metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'max' }),
        says: `Deliveries to ${destination} were given up`,
        runbook: 'deadletters',
      }),
      raise(this, topic, 'Waiting', {
        metric: queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'max' }),
        above: fiveMinutes,
        says: `Deliveries to ${destination} wait more than five minutes`,
        runbook: 'deliverieswaiting',
      }),
    ];
  }
}
