import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { deliverMetric, metricNamespace } from '../../lambdas/core/contract/metrics.ts';
import { longestAsked } from '../../lambdas/core/contract/signals.ts';
import type { Trouble } from './alarm.ts';
import { period } from './metrics.ts';

/** What all destinations share. */
export interface Delivering {
  readonly table: ITable;
  /** Dead-letter queue of the segment bus. */
  readonly deadLetters: IQueue;
}

const quarterOfAnHour = Duration.minutes(15);
/**
 * Number of periods that cover the longest wait between two tries, plus one for the try itself. A shorter window would
 * end the alarm while a delivery still waits.
 */
const betweenTries = Math.ceil(longestAsked / quarterOfAnHour.toSeconds()) + 1;

/** Alarms that cover all destinations together. */
export const deliveryTroubles = ({
  table,
  deadLetters,
}: Delivering): Readonly<Record<string, Omit<Trouble, 'runbook'>>> => ({
  DeliveriesFailing: {
    metric: new Metric({
      namespace: metricNamespace,
      metricName: deliverMetric.failing,
      dimensionsMap: { service: 'deliver', table: table.tableName },
      statistic: 'max',
      period: quarterOfAnHour,
    }),
    above: quarterOfAnHour.toSeconds(),
    periods: betweenTries,
    inAny: 1,
    text: 'Deliveries to a destination have failed for more than 15 minutes. Fix the receiver or its URL',
  },
  AnnouncementsDropped: {
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'max' }),
    text: 'The segment bus dropped announcements. Restore its access to the encryption key, then redrive them',
  },
});
