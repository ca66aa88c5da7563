import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { forwardMetric } from '../../core/contract/metrics.ts';

/** What became of a batch: events for each destination that has them or will, and lines that are no events. */
export interface Forwarded {
  readonly forwarded: number;
  readonly putAside: number;
  readonly unreadable: number;
}

/** Counts the events of a batch as CloudWatch embedded metrics, in one line. */
export const forwardMetrics =
  (metrics: Metrics) =>
  (counts: Forwarded): void => {
    const { forwarded, putAside, unreadable } = counts;
    if (forwarded + putAside + unreadable === 0) return;
    metrics.addMetric(forwardMetric.forwarded, MetricUnit.Count, forwarded);
    metrics.addMetric(forwardMetric.putAside, MetricUnit.Count, putAside);
    metrics.addMetric(forwardMetric.unreadable, MetricUnit.Count, unreadable);
    metrics.publishStoredMetrics();
  };
