/**
 * What a bill cannot be counted without and no run in memory can tell. Everything else is counted from what the
 * functions really ask of the services.
 */
export const assumptions = {
  /** A function with this much memory has one processor; with less, its share of one. */
  megabytesPerProcessor: 1769,
  /** Seconds of processor time per event, where it is not measured: slower than measured, on purpose. */
  collectSeconds: 40e-6,
  stitchSeconds: 250e-6,
  forwardSeconds: 100e-6,
  /** By row, reading a file twice and sending its rows; by row of a topic. */
  importSeconds: 400e-6,
  topicSeconds: 200e-6,
  publishSeconds: 100e-6,
  /** Seconds a function waits, and pays for waiting. */
  kinesisPut: 0.015,
  dynamoCall: 0.008,
  webhookCall: 0.2,
  sqsCall: 0.015,
  /** One call of S3, of up to 4 MB. */
  s3Call: 0.05,
  /** One call of Firehose or of Secrets Manager. */
  logCall: 0.015,
  /** Seconds of processor time of deliver by the thing that is told, where it is not measured: more than measured. */
  deliverSeconds: 1e-3,
  /** Queues that forward writes to at the same time. */
  queuesAtOnce: 16,
  /** A write that makes somebody new or merges: a transaction. */
  dynamoTransaction: 0.02,
  /**
   * Seconds of processor time of stitch as measured here, by the touch of a profile and by the event
   * (docs/reference/cost-and-speed.md).
   */
  stitchTouch: 170e-6,
  stitchEvent: 13e-6,
  /** Start, end and report of an invocation, bytes of log. */
  platformLog: 300,
  /** Line of the API's access log. */
  accessLog: 220,
  /** Shards are half used, for traffic has peaks. */
  shardUse: 0.5,
  shardBytesPerSecond: 2 ** 20,
  /**
   * Firehose closes an object at 64 MB; with little traffic it does so every minute, which is 43,200 PUTs ($0.22) a
   * month.
   */
  rawObjectBytes: 64 * 2 ** 20,
  /** Months that the raw zone keeps an object. */
  rawMonths: 1,
  /** Requests to SQS per message when none share one: sent, received, deleted. */
  sqsRequestsPerMessage: 3,
  /** Polls of one empty queue by Lambda: five at once, each of 20 seconds. */
  sqsPollsPerMonth: 650_000,
  hoursPerMonth: 730,
  /** Milliseconds for which a destination takes nothing, where that is counted: four hours. */
  longOutage: 4 * 3_600_000,
  /** Seconds until Lambda has stopped or started polling a queue. */
  pollSwitch: 60,
  /**
   * Minutes that a run of a job takes when there is little to do: the least that is billed, and what starting Python's
   * packages and Spark makes likely. Not measured.
   */
  jobMinutes: [1, 3],
} as const;

/** Seconds of processor time, where nothing is timed. */
export const assumedSeconds = {
  collect: assumptions.collectSeconds,
  stitch: assumptions.stitchSeconds,
  publish: assumptions.publishSeconds,
  deliver: assumptions.deliverSeconds,
};
