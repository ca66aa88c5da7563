import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { stitchMetric } from '../../core/contract/metrics.ts';

/** Events that were not applied, and values that were not kept. */
interface UnappliedCounts {
  readonly quarantined: number;
  /** Quarantined events that a cap or the breaker kept out. */
  readonly capped: number;
  /** Events returned to the stream, because others wrote to the same profiles at every attempt. */
  readonly contended: number;
  /** Trait values without room in their profiles. */
  readonly unkept: number;
}

/** Counts what was not applied or kept, in one line of embedded metrics; writes nothing if all counts are zero. */
export type CountUnapplied = (counts: Partial<UnappliedCounts>) => void;

/** Writes counts as CloudWatch embedded metrics. */
export function stitchMetrics(metrics: Metrics): CountUnapplied {
  return (counts) => {
    for (const [name, count] of Object.entries(counts))
      metrics.addMetric(stitchMetric[name as keyof UnappliedCounts], MetricUnit.Count, count);
    metrics.publishStoredMetrics();
  };
}
