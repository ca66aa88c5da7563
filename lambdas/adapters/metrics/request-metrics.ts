import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { requestMetric } from '../../core/contract/metrics.ts';

/** Tells how many privacy requests are due, also that none is. */
export type TellDue = (due: number) => void;

/** Writes the number of due requests as a CloudWatch embedded metric. */
export const requestMetrics =
  (metrics: Metrics): TellDue =>
  (due) => {
    metrics.addMetric(requestMetric.due, MetricUnit.Count, due);
    metrics.publishStoredMetrics();
  };
