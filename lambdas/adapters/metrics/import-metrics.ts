import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { importMetric } from '../../core/contract/metrics.ts';
import type { RowCounts } from '../../core/imports/ledger.ts';

/** Counts rows of a source, after the ledger knows them. */
export type CountRows = (sourceId: string, counts: RowCounts) => void;

/** Counts rows by source. */
export const importMetrics =
  (metrics: Metrics): CountRows =>
  (sourceId, { sent, quarantined, untold }) => {
    metrics.addDimension('source', sourceId);
    metrics.addMetric(importMetric.sent, MetricUnit.Count, sent);
    metrics.addMetric(importMetric.quarantined, MetricUnit.Count, quarantined);
    metrics.addMetric(importMetric.untold, MetricUnit.Count, untold);
    metrics.publishStoredMetrics();
  };
