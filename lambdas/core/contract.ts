/** Names that infrastructure and runtime share: each is written here once and imported by both sides. */

/** Environment variables by which `lib/` tells a function what it talks to. */
export const env = {
  eventStream: 'EVENT_STREAM',
  quarantineStream: 'QUARANTINE_STREAM',
  identityLogStream: 'IDENTITY_LOG_STREAM',
  profileTable: 'PROFILE_TABLE',
  identifierKeySecret: 'IDENTIFIER_KEY_SECRET',
  segmentBus: 'SEGMENT_BUS',
  destinationId: 'DESTINATION_ID',
  destinationSettingsSecret: 'DESTINATION_SETTINGS_SECRET',
  accessTokensSecret: 'ACCESS_TOKENS_SECRET',
} as const;

/** File beside each function's code that carries the validated deployment configuration. */
export const configFile = 'config.json';

/** Keys of the one DynamoDB table. `changes` is set only by a write that changed segment membership, `log` only by one that decided about identity, so that a stream filter can find them. */
export const table = {
  partitionKey: 'pk',
  sortKey: 'sk',
  ttl: 'expiresAt',
  changes: 'changes',
  log: 'log',
  packed: 'packed',
} as const;

/** What the segment bus carries: one event per person, segment and change. */
export const segmentEvent = {
  source: 'cdp.segments',
  detailType: 'Segment Membership Changed',
} as const;

/** Key prefixes of the lake bucket. */
export const lakePrefix = {
  raw: 'raw/',
  rawErrors: 'raw-errors/',
  quarantine: 'quarantine/',
  quarantineErrors: 'quarantine-errors/',
  identityLog: 'identity_log/',
  identityLogErrors: 'identity_log-errors/',
} as const;

/** CloudFormation outputs: how operators, the local platform and tests find what a deployment made. */
export const output = {
  ingestUrl: 'IngestUrl',
  profileUrl: 'ProfileUrl',
  accessTokensSecret: 'AccessTokensSecret',
  eventStream: 'EventStreamName',
  profileTable: 'ProfileTableName',
  identifierKeySecret: 'IdentifierKeySecret',
  lakeBucket: 'LakeBucketName',
  segmentBus: 'SegmentBusName',
  failedBatchBucket: 'FailedBatchBucketName',
} as const;

/** Output that names the settings secret of one destination, e.g. `DestinationSettingsCrm` for `crm`. */
export const destinationSettingsOutput = (destinationId: string): string => `DestinationSettings${pascalCase(destinationId)}`;

/** Output that names the dead-letter queue of one destination. */
export const destinationDeadLettersOutput = (destinationId: string): string => `DestinationDeadLetters${pascalCase(destinationId)}`;

/** `crm-eu` → `CrmEu`: destination ids become parts of construct ids and outputs. */
export const pascalCase = (id: string): string => id.replace(/(?:^|[-_])([a-z0-9])/g, (_, first: string) => first.toUpperCase());
