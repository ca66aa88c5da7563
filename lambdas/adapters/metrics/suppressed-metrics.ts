import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { privacyMetric } from '../../core/contract/metrics.ts';

/** Counts events that barriers stopped, by their sources and by nobody's name. */
export type CountSuppressed = (sourceIds: readonly string[]) => void;

/** Writes counts as CloudWatch embedded metrics, a line for each source; nothing if no event was stopped. */
export const countSuppressed =
  (metrics: Metrics): CountSuppressed =>
  (sourceIds) => {
    for (const source of new Set(sourceIds)) {
      metrics.addDimension('source', source);
      metrics.addMetric(privacyMetric.suppressed, MetricUnit.Count, sourceIds.filter((one) => one === source).length);
      metrics.publishStoredMetrics();
    }
  };
