import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { tendMetric } from '../../core/contract/metrics.ts';

/** What an invocation tells: the age of the oldest due entry in seconds, or what became of profiles. */
interface Told {
  readonly lag: number;
  readonly woken: number;
  readonly failed: number;
}

/** Tells some of it in one line of embedded metrics. Counts of zero are left out; the lag is always told. */
export type TellWakes = (told: Partial<Told>) => void;

/** Writes the lag and the counts as CloudWatch embedded metrics. */
export const tendMetrics =
  (metrics: Metrics): TellWakes =>
  ({ lag, woken = 0, failed = 0 }) => {
    if (lag !== undefined) metrics.addMetric(tendMetric.lag, MetricUnit.Seconds, lag);
    if (woken > 0) metrics.addMetric(tendMetric.woken, MetricUnit.Count, woken);
    if (failed > 0) metrics.addMetric(tendMetric.failed, MetricUnit.Count, failed);
    if (lag !== undefined || woken + failed > 0) metrics.publishStoredMetrics();
  };
