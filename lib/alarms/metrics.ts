import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { EventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import { metricNamespace } from '../../lambdas/core/contract/metrics.ts';

/** The period of all alarm metrics. */
export const period = Duration.minutes(5);

/** A metric of a delivery stream. */
export const firehoseMetric = ({ ref }: CfnDeliveryStream, metricName: string, statistic: 'max' | 'sum'): Metric =>
  new Metric({ namespace: 'AWS/Firehose', metricName, dimensionsMap: { DeliveryStreamName: ref }, statistic, period });

/**
 * Records that a mapping put aside after their last retry. A function that reports records one by one does not count as
 * failing.
 */
export const givenUp = (mapping: EventSourceMapping): Metric =>
  countedFor(mapping, 'OnFailureDestinationDeliveredEventCount');

/** Records that a mapping read, including those that its filter skipped. */
export const polled = (mapping: EventSourceMapping): Metric => countedFor(mapping, 'PolledEventCount');

/**
 * A metric that Lambda counts for mappings with a `metricsConfig`:
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
const countedFor = ({ eventSourceMappingId }: EventSourceMapping, metricName: string): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { EventSourceMappingUUID: eventSourceMappingId },
    statistic: 'sum',
    period,
  });

/** A metric that a function counts itself. The function's name separates deployments. */
export const countedBy = (fn: IFunction, service: string, metricName: string): Metric =>
  new Metric({
    namespace: metricNamespace,
    metricName,
    dimensionsMap: { service, function: fn.functionName },
    statistic: 'sum',
    period,
  });

/** Is 1 when data came in and none was read. A stopped reader reports no age, so its age cannot tell this. */
export const unread = (came: Metric, read: Metric): MathExpression =>
  new MathExpression({
    expression: 'IF(came > 0 AND FILL(read, 0) == 0, 1, 0)',
    usingMetrics: { came, read },
    period,
    label: 'unread',
  });

/** The used share of the shards' capacity in percent: bytes or records, whichever is higher. */
export function fillLevel(events: Stream, shards: number): MathExpression {
  const seconds = period.toSeconds() * shards;
  return new MathExpression({
    expression: `MAX([bytes / ${seconds * 10_000}, records / ${seconds * 10}])`,
    usingMetrics: {
      bytes: events.metricIncomingBytes({ period, statistic: 'sum' }),
      records: events.metricIncomingRecords({ period, statistic: 'sum' }),
    },
    period,
    label: 'percent',
  });
}

/** The sum of two counts; a missing count is 0. */
export const sumOf = (a: Metric, b: Metric): MathExpression =>
  new MathExpression({ expression: 'FILL(a, 0) + FILL(b, 0)', usingMetrics: { a, b }, period, label: 'both' });
