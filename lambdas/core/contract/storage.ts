/**
 * Attributes of the one DynamoDB table. A write sets `changes` only if it changed segment membership, and `log` only if
 * it made an identity decision, so a stream filter can select these writes. `barrier` is on items of identifiers.
 */
export const table = {
  partitionKey: 'pk',
  sortKey: 'sk',
  ttl: 'expiresAt',
  changes: 'changes',
  log: 'log',
  packed: 'packed',
  barrier: 'barrier',
} as const;

/**
 * The index of profiles that change by themselves, by the time at which they do: a window runs out, a date comes. Only
 * items with both attributes are in it.
 */
export const dueIndex = { name: 'due', shard: 'dueShard', at: 'dueAt' } as const;

/** Prefix of the partitions of items about deliveries; the destination's id follows. */
export const deliveryPrefix = 'delivery#';

/** Prefix of the partitions of items about imports: the ledger of a source's loads, and the pace of all. */
export const importPartition = 'import#';

/** Partition of the item that says since when aggregates count. */
export const registryPartition = 'registry#aggregates';

/** Partition of the item that says which list of barriers a restored or rebuilt table has. */
export const appliedPartition = 'registry#barriers';

/** Partition of all privacy requests, so that one query lists them. */
export const requestPartition = 'request#';

/** Key prefixes of the lake bucket. */
export const lakePrefix = {
  raw: 'raw/',
  rawErrors: 'raw-errors/',
  quarantine: 'quarantine/',
  quarantineErrors: 'quarantine-errors/',
  identityLog: 'identity_log/',
  identityLogErrors: 'identity_log-errors/',
  attempts: 'deliveries/',
  attemptErrors: 'deliveries-errors/',
  tables: 'tables/',
  exports: 'exports/',
  histories: 'histories/',
  imports: 'imports/',
  pulls: 'pulls/',
  barriers: 'barriers/',
  erasures: 'erasures/',
} as const;

/** The list of barriers in the lake's bucket, for readers before and beside the profile table. */
export const barrierFile = `${lakePrefix.barriers}current`;

/** What the job `maintain` says it erased from the lake's tables, and when. */
export const erasureFile = `${lakePrefix.erasures}lake`;

/** Key prefixes of imports in the lake bucket. */
export const importPrefix = {
  /** Files that somebody put there; the source follows. */
  files: 'imports/files/',
  /** Rows of records before they are compared with their last versions; the source and the load follow. */
  rows: 'imports/rows/',
  /** Pieces that wait to be sent; the source and the load follow. */
  staged: 'imports/staged/',
  /** What became of each file; the source follows. */
  summaries: 'imports/summaries/',
  /** How far the records of each object were taken up; the source follows. */
  states: 'imports/state/',
  /** A mark for the bytes of each file whose rows are staged; the source follows. */
  stagedFiles: 'imports/state/files/',
  /** The first name and time of the bytes of each large file whose rows a job began to stage; the source follows. */
  begunFiles: 'imports/state/files-begun/',
} as const;

/** Prefix in the failed-batch bucket below which Lambda writes the batches that it gave up on. */
export const failedBatchPrefix = 'aws/lambda/';

/** Prefix below it of what forward put aside, because a destination's queue refused it; the destination follows. */
export const putAsidePrefix = `${failedBatchPrefix}forward/`;
