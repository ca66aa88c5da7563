import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { forwardMetric } from '../../core/contract/metrics.ts';

/** Counts forwarded events and unreadable lines of a batch as CloudWatch embedded metrics, in one line. */
export const forwardMetrics =
  (metrics: Metrics) =>
  (forwarded: number, unreadable: number): void => {
    if (forwarded + unreadable === 0) return;
    metrics.addMetric(forwardMetric.forwarded, MetricUnit.Count, forwarded);
    metrics.addMetric(forwardMetric.unreadable, MetricUnit.Count, unreadable);
    metrics.publishStoredMetrics();
  };
