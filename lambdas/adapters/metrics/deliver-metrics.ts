import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { deliverMetric, metricNamespace } from '../../core/contract/metrics.ts';

/** Metrics that all destinations of a deployment share, so that one alarm is enough for them. */
const ofAll = (table: string): Metrics =>
  new Metrics({ namespace: metricNamespace, serviceName: 'deliver', defaultDimensions: { table } });

/** Reports for how many seconds a delivery has failed, as an embedded metric. */
export function tellFailing(table: string): (seconds: number) => void {
  const metrics = ofAll(table);
  return (seconds) => {
    metrics.addMetric(deliverMetric.failing, MetricUnit.Seconds, seconds);
    metrics.publishStoredMetrics();
  };
}

/** Reports the percentage of a destination's last calls that failed, as an embedded metric. */
export function tellFailureRate(table: string): (percent: number) => void {
  const metrics = ofAll(table);
  return (percent) => {
    metrics.addMetric(deliverMetric.failureRate, MetricUnit.Percent, percent);
    metrics.publishStoredMetrics();
  };
}

/** How many attempts of an invocation ended well and badly, and how many rows the lake did not take. */
export interface AttemptCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly unlogged: number;
}

/**
 * Counts attempts of a destination in one line of embedded metrics, and rows that the lake did not take in another, for
 * all destinations together.
 */
export function tallyAttempts(table: string, destination: string): (counts: AttemptCounts) => void {
  const own = new Metrics({
    namespace: metricNamespace,
    serviceName: 'deliver',
    defaultDimensions: { table, destination },
  });
  const all = ofAll(table);
  return ({ delivered, failed, unlogged }) => {
    if (delivered > 0) own.addMetric(deliverMetric.delivered, MetricUnit.Count, delivered);
    if (failed > 0) own.addMetric(deliverMetric.failed, MetricUnit.Count, failed);
    if (delivered + failed > 0) own.publishStoredMetrics();
    if (unlogged === 0) return;
    all.addMetric(deliverMetric.unlogged, MetricUnit.Count, unlogged);
    all.publishStoredMetrics();
  };
}
