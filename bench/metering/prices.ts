/** A billable unit: what one of it costs, and where that was read. */
interface Price {
  readonly dollars: number;
  readonly of: string;
  readonly source: string;
}

const infracost = 'infracost golden files, 2024-07';
const million = 1e-6;

/** List prices of us-east-1 in US dollars, without free tiers and discounts of volume. */
export const prices = {
  httpApiRequest: { dollars: 1.0 * million, of: 'HTTP API, request of up to 512 KB', source: infracost },
  restApiRequest: { dollars: 3.5 * million, of: 'REST API, request', source: infracost },
  wafRequest: { dollars: 0.6 * million, of: 'WAF, request', source: infracost },
  lambdaRequest: { dollars: 0.2 * million, of: 'Lambda, request', source: infracost },
  lambdaArmSecond: { dollars: 1.33334e-5, of: 'Lambda on ARM, GB-second', source: infracost },
  lambdaX86Second: { dollars: 1.66667e-5, of: 'Lambda on x86, GB-second', source: infracost },
  kinesisPutUnit: {
    dollars: 0.014 * million,
    of: 'Kinesis provisioned, 25 KB of a record',
    source: 'AWS price list, 2026-05',
  },
  kinesisShardHour: { dollars: 0.015, of: 'Kinesis provisioned, hour of a shard', source: 'AWS price list, 2026-05' },
  kinesisRetentionHour: {
    dollars: 0.02,
    of: 'Kinesis provisioned, hour of a shard kept for seven days',
    source: 'Kinesis pricing page',
  },
  kinesisOnDemandIn: {
    dollars: 0.08,
    of: 'Kinesis on-demand, GB in, each record rounded up to 1 KB',
    source: 'Kinesis pricing page',
  },
  kinesisOnDemandOut: { dollars: 0.04, of: 'Kinesis on-demand, GB out', source: 'Kinesis pricing page' },
  dynamoWrite: {
    dollars: 0.625 * million,
    of: 'DynamoDB on-demand, write unit',
    source: 'infracost golden files, 2024-11',
  },
  dynamoRead: {
    dollars: 0.125 * million,
    of: 'DynamoDB on-demand, read unit',
    source: 'infracost golden files, 2024-11',
  },
  dynamoWriteHour: {
    dollars: 0.00065,
    of: 'DynamoDB provisioned, hour of a write unit a second',
    source: 'several price lists, which agree',
  },
  dynamoReadHour: {
    dollars: 0.00013,
    of: 'DynamoDB provisioned, hour of a read unit a second',
    source: 'several price lists, which agree',
  },
  dynamoExportGb: { dollars: 0.1, of: 'DynamoDB, GB exported to S3', source: 'DynamoDB pricing page' },
  firehoseGb: {
    dollars: 0.029,
    of: 'Firehose to S3, GB, each record rounded up to 5 KB',
    source: 'AWS price list, 2026-05',
  },
  firehoseParquetGb: { dollars: 0.018, of: 'Firehose, GB made into Parquet', source: 'AWS price list, 2026-05' },
  s3Put: { dollars: 5 * million, of: 'S3, PUT', source: infracost },
  s3Get: { dollars: 0.4 * million, of: 'S3, GET', source: infracost },
  s3GbMonth: { dollars: 0.023, of: 'S3 Standard, GB and month', source: infracost },
  busEvent: {
    dollars: 1.0 * million,
    of: 'EventBridge, custom event of up to 64 KB',
    source: 'EventBridge pricing page',
  },
  scheduleStart: {
    dollars: 1.0 * million,
    of: 'EventBridge Scheduler, start of a target',
    source: 'EventBridge pricing page',
  },
  apiDestination: {
    dollars: 0.2 * million,
    of: 'EventBridge, call of an API destination',
    source: 'EventBridge pricing page',
  },
  sqsRequest: { dollars: 0.4 * million, of: 'SQS standard, request', source: infracost },
  kmsKeyMonth: { dollars: 1, of: 'KMS, key and month', source: infracost },
  secretMonth: { dollars: 0.4, of: 'Secrets Manager, secret and month', source: infracost },
  secretRead: { dollars: 5 * million, of: 'Secrets Manager, call', source: infracost },
  glueHour: {
    dollars: 0.44,
    of: 'Glue, hour of a data processing unit, billed by the second from a minute on',
    source: infracost,
  },
  alarmMonth: { dollars: 0.1, of: 'CloudWatch, alarm on one metric, month', source: 'CloudWatch pricing page' },
  metricMonth: {
    dollars: 0.3,
    of: 'CloudWatch, metric of our own, month, by the hours in which it is told',
    source: 'CloudWatch pricing page',
  },
  kmsRequest: { dollars: 3.0 * million, of: 'KMS, request', source: infracost },
  logGb: { dollars: 0.5, of: 'CloudWatch Logs, GB taken in', source: infracost },
  xrayTrace: { dollars: 5.0 * million, of: 'X-Ray, trace recorded', source: 'several price calculators, which agree' },
} as const satisfies Record<string, Price>;

export type Unit = keyof typeof prices;
