import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { publishMetric } from '../../core/contract/metrics.ts';

/** Counts a record that publish could not read and put aside. */
export const countSetAside = (metrics: Metrics) => (): void => {
  metrics.addMetric(publishMetric.setAside, MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
};
