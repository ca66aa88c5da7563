import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { lakeMetric, metricNamespace } from '../../core/contract/metrics.ts';

/** Counts a job's success as an embedded metric by database and job only, as the job itself does. */
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
