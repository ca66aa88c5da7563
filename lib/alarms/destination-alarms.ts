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

/**
 * Seconds. A message that crashes its function returns after three minutes, and the metric ignores messages received
 * more than three times.
 */
const fiveMinutes = 300;

/**
 * Rings when deliveries to one destination fail for good or wait. Deliveries also wait when the function fails or is
 * throttled, so these two alarms are enough; each further alarm would come once for each of up to 200 destinations.
 */
export class DestinationAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { topic, destination, queue, deadLetters }: DestinationAlarmsProps) {
    super(scope, id);
    this.all = [
      raise(this, topic, 'DeadLetters', {
        metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'max' }),
        text: `Deliveries to ${destination} failed for good. Fix the receiver, then redrive them`,
        runbook: 'deadletters',
      }),
      raise(this, topic, 'Waiting', {
        metric: queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'max' }),
        above: fiveMinutes,
        text: `Deliveries to ${destination} have waited for more than five minutes`,
        runbook: 'deliverieswaiting',
      }),
    ];
  }
}
