import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { importMetric, loadMetric, metricNamespace } from '../../core/contract/metrics.ts';
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

/** What came in a load of a source: rows, or a load that cannot be used as a whole. */
export type CountLoad = (sourceId: string, came: { readonly rows: number } | { readonly failed: number }) => void;

/** Counts what came by the database and the source, under the names by which jobs count it, too. */
export function loadMetrics(database: string): CountLoad {
  const metrics = new Metrics({ namespace: metricNamespace });
  // Jobs have no dimension `service`.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ database });
  return (source, came) => {
    metrics.addDimension('source', source);
    if ('rows' in came) metrics.addMetric(loadMetric.read, MetricUnit.Count, came.rows);
    else metrics.addMetric(loadMetric.failed, MetricUnit.Count, came.failed);
    metrics.publishStoredMetrics();
  };
}
