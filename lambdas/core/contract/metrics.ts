/** CloudWatch namespace of the functions' own metrics; the dimension `service` names the function. */
export const metricNamespace = 'CustomerDataPlatform';

/** Metrics of collect, besides the accepted events of each source. */
export const collectMetric = {
  damaged: 'RequestsDamaged',
  unkept: 'EventsNotKept',
} as const;

/** Metrics of collect by source: accepted and rejected events, refused requests, and what could not be read. */
export const collectedMetric = {
  accepted: 'EventsAccepted',
  invalid: 'EventsInvalid',
  tooLarge: 'EventsTooLarge',
  refused: 'RequestsRefused',
  untimed: 'EventsUntimed',
  misstated: 'ConsentMisstated',
} as const;

/** Metrics of collect about sources that sign: refused signatures, addresses of no source, and events not mapped. */
export const sourceMetric = {
  refused: 'SignaturesRefused',
  strangers: 'SourcesUnknown',
  ignored: 'EventsIgnored',
  unmapped: 'EventsUnmapped',
} as const;

/** Metrics of import by source: rows that it sent, rows in quarantine, and rows that no mapping takes. */
export const importMetric = { sent: 'RowsSent', quarantined: 'RowsQuarantined', untold: 'RowsUntold' } as const;

/**
 * Metrics of loads by the Glue database and the source: rows that came in files, topics and answers, and loads that
 * failed or were refused as a whole. Functions and jobs count both.
 */
export const loadMetric = { read: 'RowsRead', failed: 'LoadsFailed' } as const;

/** Metrics of stitch. */
export const stitchMetric = {
  quarantined: 'EventsQuarantined',
  capped: 'EventsCapped',
  contended: 'EventsContended',
  unkept: 'TraitsNotKept',
} as const;

/** Metric of every reader of barriers, by source: events of people who are erased or suppressed. */
export const privacyMetric = { suppressed: 'EventsSuppressed' } as const;

/** Metric of requests: how many privacy requests are late, or soon will be. */
export const requestMetric = { due: 'RequestsDue' } as const;

/** Metrics of tend: profiles that it woke, profiles that it could not wake, and the age of the oldest due one. */
export const tendMetric = { woken: 'ProfilesWoken', failed: 'WakesFailed', lag: 'DueLag' } as const;

/** Metrics of publish. */
export const publishMetric = { setAside: 'RecordsSetAside' } as const;

/**
 * Metrics of forward: events that it put on queues and those that it put aside, one for each destination, and lines
 * that are no events.
 */
export const forwardMetric = {
  forwarded: 'EventsForwarded',
  putAside: 'EventsPutAside',
  unreadable: 'LinesUnreadable',
} as const;

/**
 * Metrics of deliver by the deployment's profile table. Attempts that delivered and that failed are counted by
 * destination; for how long and how often deliveries fail, and rows that the lake did not take, for all together.
 */
export const deliverMetric = {
  delivered: 'Delivered',
  failed: 'NotDelivered',
  failing: 'DeliveryFailing',
  failureRate: 'DeliveryFailureRate',
  unlogged: 'AttemptsNotLogged',
} as const;

/**
 * Metrics of the lake's jobs by its database: that the last job of a chain succeeded, also by the job, how many
 * destinations fell silent, and how many loads of records lacked too much to be believed.
 */
export const lakeMetric = { ended: 'JobEnded', silent: 'DestinationsSilent', asking: 'RecordsAsk' } as const;
