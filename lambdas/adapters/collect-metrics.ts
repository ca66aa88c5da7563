import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** What one request came to. */
export interface RequestCounts {
  readonly accepted: number;
  readonly invalid: number;
  readonly tooLarge: number;
}

/** Counts one request's events per source, in one line of embedded metrics, whatever the number of events. */
export type CountEvents = (sourceId: string, counts: RequestCounts) => void;

/** Writes counts as CloudWatch embedded metrics. */
export const collectMetrics =
  (namespace = 'CustomerDataPlatform'): CountEvents =>
  (sourceId, { accepted, invalid, tooLarge }) => {
    const metrics = new Metrics({ namespace, serviceName: 'collect' });
    metrics.addDimension('source', sourceId);
    if (accepted > 0) metrics.addMetric('EventsAccepted', MetricUnit.Count, accepted);
    if (invalid > 0) metrics.addMetric('EventsInvalid', MetricUnit.Count, invalid);
    if (tooLarge > 0) metrics.addMetric('EventsTooLarge', MetricUnit.Count, tooLarge);
    metrics.publishStoredMetrics();
  };
