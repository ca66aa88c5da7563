import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { collectedMetric, collectMetric } from '../../core/contract/metrics.ts';

/** Counts of one request. */
interface RequestCounts {
  readonly accepted: number;
  readonly invalid: number;
  readonly tooLarge: number;
  /** Requests that were refused as a whole, without counting their events. */
  readonly refused: number;
  /** Accepted events with an unreadable time. */
  readonly untimed: number;
  /** Accepted events whose consent nobody can read in part. */
  readonly misstated?: number;
  /** Rejected events that the quarantine did not accept. */
  readonly unkept: number;
}

/** Counts one request's events by source, in one line of embedded metrics. */
export type CountEvents = (sourceId: string, counts: RequestCounts) => void;

/** Writes counts as CloudWatch embedded metrics. */
export function collectMetrics(metrics: Metrics): CountEvents {
  return (sourceId, counts) => {
    metrics.addDimension('source', sourceId);
    for (const [name, metric] of metricsOfSource)
      if ((counts[name] ?? 0) > 0) metrics.addMetric(metric, MetricUnit.Count, counts[name] ?? 0);
    metrics.publishStoredMetrics();
    if (counts.unkept > 0) countForAll(metrics, collectMetric.unkept, counts.unkept);
  };
}

/** Counts for all sources together, so that one alarm covers them. */
function countForAll(metrics: Metrics, metric: string, count: number): void {
  metrics.addMetric(metric, MetricUnit.Count, count);
  metrics.publishStoredMetrics();
}

/** Counts a request whose compressed body arrived damaged. */
export const countDamaged = (metrics: Metrics) => (): void => countForAll(metrics, collectMetric.damaged, 1);

/** Metrics by source, with their names. */
export const metricsOfSource = Object.entries(collectedMetric) as readonly (readonly [
  keyof typeof collectedMetric,
  string,
])[];
