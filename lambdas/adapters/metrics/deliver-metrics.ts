import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { deliverMetric, metricNamespace } from '../../core/contract/metrics.ts';

/** Reports for how many seconds a delivery has failed, as an embedded metric of all destinations of a deployment. */
export function tellFailing(table: string): (seconds: number) => void {
  const metrics = new Metrics({ namespace: metricNamespace, serviceName: 'deliver', defaultDimensions: { table } });
  return (seconds) => {
    metrics.addMetric(deliverMetric.failing, MetricUnit.Seconds, seconds);
    metrics.publishStoredMetrics();
  };
}
