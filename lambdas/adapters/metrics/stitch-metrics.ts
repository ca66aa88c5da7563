import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { stitchMetric } from '../../core/contract/metrics.ts';

/** What becomes of events that are not applied, and of what is too much for a profile. */
interface UnappliedCounts {
  readonly quarantined: number;
  /** Those of the quarantined that a cap or the breaker kept out. */
  readonly capped: number;
  /** Given back to the stream, because others wrote to the same profiles at every attempt. */
  readonly contended: number;
  /** Values of traits for which their profiles have no room. */
  readonly unkept: number;
}

/** Counts what was not applied or not kept, in one line of embedded metrics, whatever their number; none while all is well. */
export type CountUnapplied = (counts: Partial<UnappliedCounts>) => void;

/** Writes counts as CloudWatch embedded metrics. */
export function stitchMetrics(metrics: Metrics): CountUnapplied {
  return (counts) => {
    for (const [name, count] of Object.entries(counts))
      metrics.addMetric(stitchMetric[name as keyof UnappliedCounts], MetricUnit.Count, count);
    metrics.publishStoredMetrics();
  };
}
