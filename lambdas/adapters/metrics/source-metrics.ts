import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { sourceMetric } from '../../core/contract/metrics.ts';

/** Counts a request whose signature is wrong: of a source, or of nobody's. */
export type CountRefusedSignature = (sourceId: string | undefined) => void;

/** Counts a vendor's events that are not wanted, and those that no mapping takes. */
export type CountEntries = (sourceId: string, counts: { readonly ignored: number; readonly unmapped: number }) => void;

/**
 * Counts refused signatures by source, and for all sources together, so that one alarm covers them. An address that no
 * source has is counted apart, in as many lines: nobody without a source's address can raise the alarm.
 */
export function countRefusedSignatures(metrics: Metrics): CountRefusedSignature {
  return (sourceId) => {
    const metric = sourceId === undefined ? sourceMetric.strangers : sourceMetric.refused;
    metrics.addDimension('source', sourceId ?? 'unknown');
    metrics.addMetric(metric, MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
    metrics.addMetric(metric, MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
  };
}

/** Counts what became of a vendor's events before they were mapped. */
export function countEntries(metrics: Metrics): CountEntries {
  return (sourceId, { ignored, unmapped }) => {
    if (ignored + unmapped === 0) return;
    metrics.addDimension('source', sourceId);
    if (ignored > 0) metrics.addMetric(sourceMetric.ignored, MetricUnit.Count, ignored);
    if (unmapped > 0) metrics.addMetric(sourceMetric.unmapped, MetricUnit.Count, unmapped);
    metrics.publishStoredMetrics();
  };
}
