import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { collectMetric } from '../../core/contract/metrics.ts';

/** What one request came to. */
interface RequestCounts {
  readonly accepted: number;
  readonly invalid: number;
  readonly tooLarge: number;
  /** Requests refused as a whole, whose events nobody counted. */
  readonly refused: number;
  /** Accepted events whose time nobody can read. */
  readonly untimed: number;
  /** Events that were refused, and that the quarantine did not take. */
  readonly unkept: number;
}

/** Counts one request's events per source, in one line of embedded metrics, whatever the number of events. */
export type CountEvents = (sourceId: string, counts: RequestCounts) => void;

/** Writes counts as CloudWatch embedded metrics. */
export function collectMetrics(metrics: Metrics): CountEvents {
  return (sourceId, counts) => {
    metrics.addDimension('source', sourceId);
    for (const [name, metric] of metricsOfSource)
      if (counts[name] > 0) metrics.addMetric(metric, MetricUnit.Count, counts[name]);
    metrics.publishStoredMetrics();
    if (counts.unkept > 0) countForAll(metrics, collectMetric.unkept, counts.unkept);
  };
}

/** For all sources together, so that one alarm hears of each. */
function countForAll(metrics: Metrics, metric: string, count: number): void {
  metrics.addMetric(metric, MetricUnit.Count, count);
  metrics.publishStoredMetrics();
}

/** Counts a request whose compressed body arrived damaged. */
export const countDamaged = (metrics: Metrics) => (): void => countForAll(metrics, collectMetric.damaged, 1);

/** What is counted of each source, and under which name. */
export const metricsOfSource = [
  ['accepted', 'EventsAccepted'],
  ['invalid', 'EventsInvalid'],
  ['tooLarge', 'EventsTooLarge'],
  ['refused', 'RequestsRefused'],
  ['untimed', 'EventsUntimed'],
] as const;
