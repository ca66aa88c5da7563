import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { raise } from './alarm.ts';
import { period } from './alarm-metrics.ts';
import type { HandlerFunction } from './handler-function.ts';

/** One destination's queues and function. */
export interface DestinationAlarmsProps {
  readonly topic: ITopic;
  /** The destination's id. */
  readonly destination: string;
  readonly queue: IQueue;
  readonly deadLetters: IQueue;
  readonly deliver: HandlerFunction;
}

const quarterOfAnHour = 900;

/** Rings when deliveries to one destination were given up, wait, or fail. Where its function may not run, deliveries wait. */
export class DestinationAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { topic, destination, queue, deadLetters, deliver }: DestinationAlarmsProps) {
    super(scope, id);
    this.all = [
      raise(this, topic, 'DeadLetters', {
        metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'max' }),
        says: `Deliveries to ${destination} were given up`,
        runbook: 'deadletters',
      }),
      raise(this, topic, 'Waiting', {
        metric: queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'max' }),
        above: quarterOfAnHour,
        says: `Deliveries to ${destination} wait more than 15 minutes`,
        runbook: 'deliverieswaiting',
      }),
      raise(this, topic, 'Failing', {
        metric: deliver.metricErrors({ period }),
        says: `The function that tells ${destination} fails`,
        runbook: 'failing',
      }),
    ];
  }
}
