/** Where the functions' own counts are in CloudWatch; their dimension `service` is the function. */
export const metricNamespace = 'CustomerDataPlatform';

/** What collect counts besides the events of each source. */
export const collectMetric = {
  damaged: 'RequestsDamaged',
  unkept: 'EventsNotKept',
} as const;

/** What stitch counts. */
export const stitchMetric = {
  quarantined: 'EventsQuarantined',
  capped: 'EventsCapped',
  contended: 'EventsContended',
  unkept: 'TraitsNotKept',
} as const;

/** What publish counts. */
export const publishMetric = { setAside: 'RecordsSetAside' } as const;

/** What deliver tells, by the profile table of its deployment, for all destinations together. */
export const deliverMetric = { failing: 'DeliveryFailing' } as const;

/** What the last job of a chain counts when it came to its end, by the lake's database and the job. */
export const lakeMetric = { ended: 'JobEnded' } as const;
