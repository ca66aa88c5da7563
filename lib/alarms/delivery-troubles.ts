import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { deliverMetric } from '../../lambdas/core/contract/metrics.ts';
import { longestAsked } from '../../lambdas/core/contract/signals.ts';
import { deliveryMetric } from '../blocks/delivery-metric.ts';
import type { Trouble } from './alarm.ts';
import { firehoseMetric, period } from './metrics.ts';

/** What all destinations share. */
export interface Delivering {
  readonly table: ITable;
  /** Dead-letter queue of the segment bus. */
  readonly deadLetters: IQueue;
  /** Takes the rows of attempts. */
  readonly attempts: CfnDeliveryStream;
}

const quarterOfAnHour = Duration.minutes(15);
/**
 * Number of periods that cover the longest wait between two tries, plus one for the try itself. A shorter window would
 * end the alarm while a delivery still waits.
 */
const betweenTries = Math.ceil(longestAsked / quarterOfAnHour.toSeconds()) + 1;

/** Percent of a destination's last 30 calls. Its breaker opens at two thirds. */
const oftenFailing = 30;
/** Five-minute periods; an open breaker probes every quarter of an hour at the latest. */
const anHour = 12;

/** Alarms that cover all destinations together. */
export const deliveryTroubles = ({
  table,
  deadLetters,
  attempts,
}: Delivering): Readonly<Record<string, Omit<Trouble, 'runbook'>>> => ({
  DeliveriesFailing: {
    metric: deliveryMetric(table, deliverMetric.failing, { statistic: 'max', period: quarterOfAnHour }),
    above: quarterOfAnHour.toSeconds(),
    periods: betweenTries,
    inAny: 1,
    text: 'Deliveries to a destination have failed for more than 15 minutes. Fix the receiver or its URL',
  },
  DeliveriesOftenFail: {
    metric: deliveryMetric(table, deliverMetric.failureRate, { statistic: 'max', period }),
    above: oftenFailing,
    periods: anHour,
    inAny: 3,
    text: `More than ${oftenFailing} percent of the last calls to a destination failed, three times within an hour`,
  },
  AttemptsNotLogged: {
    metric: deliveryMetric(table, deliverMetric.unlogged, { statistic: 'sum', period }),
    text: 'Firehose did not take rows of attempts, so the table deliveries lacks them. The deliveries themselves went on',
  },
  AttemptsLate: {
    metric: firehoseMetric(attempts, 'DeliveryToS3.DataFreshness', 'max'),
    above: quarterOfAnHour.toSeconds(),
    text: 'Rows of attempts have waited in Firehose for more than 15 minutes to reach the lake',
  },
  AnnouncementsDropped: {
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'max' }),
    text: 'The segment bus dropped announcements. Restore its access to the encryption key, then redrive them',
  },
});
