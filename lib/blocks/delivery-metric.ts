import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { metricNamespace } from '../../lambdas/core/contract/metrics.ts';

/** A metric of deliveries: that of all destinations together, or that of one. */
export const deliveryMetric = (
  table: ITable,
  metricName: string,
  shown: { readonly statistic: string; readonly period: Duration },
  destination?: string,
): Metric =>
  new Metric({
    ...shown,
    metricName,
    namespace: metricNamespace,
    dimensionsMap: { service: 'deliver', table: table.tableName, ...(destination !== undefined && { destination }) },
  });
