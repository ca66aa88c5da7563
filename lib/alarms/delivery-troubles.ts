import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { deliverMetric, metricNamespace } from '../../lambdas/core/contract/metrics.ts';
import { longestAsked } from '../../lambdas/core/contract/signals.ts';
import type { Trouble } from './alarm.ts';
import { period } from './metrics.ts';

/** What is common to all destinations. */
export interface Delivering {
  readonly table: ITable;
  /** Of the segment bus. */
  readonly deadLetters: IQueue;
}

const quarterOfAnHour = Duration.minutes(15);
/** As long as work that fails can wait for its next try, and one more, for a try takes its time, too: whoever looks back less calls the wait an end. */
const betweenTries = Math.ceil(longestAsked / quarterOfAnHour.toSeconds()) + 1;

/** What rings once for all destinations, however many there are. */
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
    says: 'A delivery has failed for more than a quarter of an hour',
  },
  AnnouncementsDropped: {
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'max' }),
    says: 'The segment bus could not pass on what it had taken',
  },
});
