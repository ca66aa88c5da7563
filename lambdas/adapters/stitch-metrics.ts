import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricNamespace, stitchMetric } from '../core/contract.ts';

type Counts = Readonly<Record<keyof typeof stitchMetric, number>>;

/** Counts events that were not applied as CloudWatch embedded metrics: one line for a group of them, none while all is well. */
export function stitchMetrics(
  metrics: Metrics = new Metrics({ namespace: metricNamespace, serviceName: 'stitch' }),
): (counts: Partial<Counts>) => void {
  return (counts) => {
    for (const [name, count] of Object.entries(counts)) metrics.addMetric(stitchMetric[name as keyof Counts], MetricUnit.Count, count);
    metrics.publishStoredMetrics();
  };
}
