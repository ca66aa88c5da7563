/** Environment variables that tell a function which resources to use. */
export const env = {
  eventStream: 'EVENT_STREAM',
  quarantineStream: 'QUARANTINE_STREAM',
  identityLogStream: 'IDENTITY_LOG_STREAM',
  attemptStream: 'ATTEMPT_STREAM',
  profileTable: 'PROFILE_TABLE',
  registryTable: 'REGISTRY_TABLE',
  identifierKeySecret: 'IDENTIFIER_KEY_SECRET',
  sourceSecrets: 'SOURCE_SECRETS',
  segmentBus: 'SEGMENT_BUS',
  destinationId: 'DESTINATION_ID',
  destinationSettingsSecret: 'DESTINATION_SETTINGS_SECRET',
  deliveryQueue: 'DELIVERY_QUEUE',
  deadLetters: 'DEAD_LETTERS',
  queueParameters: 'QUEUE_PARAMETERS',
  sourceId: 'SOURCE_ID',
  importQueue: 'IMPORT_QUEUE',
  importFilesJob: 'IMPORT_FILES_JOB',
  recordsJob: 'RECORDS_JOB',
  importBytesPerSecond: 'IMPORT_BYTES_PER_SECOND',
  polledQueues: 'POLLED_QUEUES',
  accessTokensSecret: 'ACCESS_TOKENS_SECRET',
  adminTokensSecret: 'ADMIN_TOKENS_SECRET',
  lakeBucket: 'LAKE_BUCKET',
  lakeDatabase: 'LAKE_DATABASE',
  failedBatchBucket: 'FAILED_BATCH_BUCKET',
  retention: 'RETENTION',
} as const;

/** File beside each function's code with the validated configuration. */
export const configFile = 'config.json';
