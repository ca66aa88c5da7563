/** Keys of the one DynamoDB table. `changes` is set only by a write that changed segment membership, `log` only by one that decided about identity, so that a stream filter can find them. */
export const table = {
  partitionKey: 'pk',
  sortKey: 'sk',
  ttl: 'expiresAt',
  changes: 'changes',
  log: 'log',
  packed: 'packed',
} as const;

/** Key prefixes of the lake bucket. */
export const lakePrefix = {
  raw: 'raw/',
  rawErrors: 'raw-errors/',
  quarantine: 'quarantine/',
  quarantineErrors: 'quarantine-errors/',
  identityLog: 'identity_log/',
  identityLogErrors: 'identity_log-errors/',
  tables: 'tables/',
  exports: 'exports/',
} as const;

/** Lambda writes what it gave up on below this prefix of the failed-batch bucket, by itself. */
export const failedBatchPrefix = 'aws/lambda/';
