import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Imports } from '../imports/imports.ts';
import { raise } from './alarm.ts';
import { FunctionAlarms } from './function-alarms.ts';
import { period } from './metrics.ts';

/** Seconds. An import of 10 GB takes as long on one shard; what waits longer should be known to somebody. */
const sixHours = 21_600;

/** Rings when rows of an import wait for long or are given up, and when their function fails. */
export class ImportAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { topic, imports }: { readonly topic: ITopic; readonly imports: Imports }) {
    super(scope, id);
    const { queue, deadLetters, take } = imports;
    this.all = [
      raise(this, topic, 'ImportsWaiting', {
        metric: queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'max' }),
        above: sixHours,
        text: 'Files or pieces of an import have waited for more than six hours',
        runbook: 'importswaiting',
      }),
      raise(this, topic, 'ImportsGivenUp', {
        metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'max' }),
        text: 'Files or pieces of an import were given up after many tries. Mend the cause, then move them back',
        runbook: 'importsgivenup',
      }),
      ...new FunctionAlarms(scope, 'Functions', { topic, functions: [take], mappings: new Map(), apis: [] }).all,
    ];
  }
}
