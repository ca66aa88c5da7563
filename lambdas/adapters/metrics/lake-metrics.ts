import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { lakeMetric, metricNamespace } from '../../core/contract/metrics.ts';

/** Counts as a CloudWatch embedded metric that a job came to its end, by database and job alone, as the job itself does. */
export function countEnd(
  database: string,
  job: string,
  metrics: Metrics = new Metrics({ namespace: metricNamespace }),
): void {
  metrics.clearDefaultDimensions();
  metrics.addDimensions({ database, job });
  metrics.addMetric(lakeMetric.ended, MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}
