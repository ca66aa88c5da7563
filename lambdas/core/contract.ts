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
  deliveryQueue: 'DELIVERY_QUEUE',
  deadLetters: 'DEAD_LETTERS',
  accessTokensSecret: 'ACCESS_TOKENS_SECRET',
  adminTokensSecret: 'ADMIN_TOKENS_SECRET',
  lakeBucket: 'LAKE_BUCKET',
  lakeDatabase: 'LAKE_DATABASE',
  failedBatchBucket: 'FAILED_BATCH_BUCKET',
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

/** Seconds that a destination may ask to be left alone for; no two tries of a delivery are further apart. */
export const longestAsked = 3_600;

/** What the last job of a chain counts when it came to its end, by the lake's database and the job. */
export const lakeMetric = { ended: 'JobEnded' } as const;

/** What the segment bus carries: one event per person, segment and change. */
export const segmentEvent = {
  source: 'cdp.segments',
  detailType: 'Segment Membership Changed',
} as const;

/** Source of events that the platform's own jobs put on the event stream; no configured source can have such an id. */
export const platformSource = '@platform';

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

/** CloudFormation outputs: how operators, the local platform and tests find what a deployment made. */
export const output = {
  ingestUrl: 'IngestUrl',
  profileUrl: 'ProfileUrl',
  adminUrl: 'AdminUrl',
  accessTokensSecret: 'AccessTokensSecret',
  adminTokensSecret: 'AdminTokensSecret',
  eventStream: 'EventStreamName',
  profileTable: 'ProfileTableName',
  identifierKeySecret: 'IdentifierKeySecret',
  lakeBucket: 'LakeBucketName',
  segmentBus: 'SegmentBusName',
  failedBatchBucket: 'FailedBatchBucketName',
  database: 'DatabaseName',
  workgroup: 'WorkgroupName',
  encryptionKey: 'EncryptionKeyArn',
  alarmTopic: 'AlarmTopicArn',
} as const;

/** Output of a destination's nested stack that names its settings secret, e.g. `DestinationSettingsCrm` for `crm`. */
export const destinationSettingsOutput = (destinationId: string): string => `DestinationSettings${pascalCase(destinationId)}`;

/** Output that names the queue of one destination. */
export const destinationQueueOutput = (destinationId: string): string => `DestinationQueue${pascalCase(destinationId)}`;

/** Output that names the dead-letter queue of one destination. */
export const destinationDeadLettersOutput = (destinationId: string): string => `DestinationDeadLetters${pascalCase(destinationId)}`;

/** The jobs of the lake, in the order in which each builds on those before it. */
export const jobNames = ['events', 'identities', 'profiles', 'marts', 'maintain'] as const;

/** The job that finds people who share no identifier; it is there where `identity.matching` is configured. */
export const matchingJob = 'matches';
export type JobName = (typeof jobNames)[number] | typeof matchingJob;

/** The jobs of a deployment in their order, with or without that of matching. */
export const jobsInOrder = (matching: boolean): readonly JobName[] =>
  jobNames.flatMap((job): JobName[] => (matching && job === 'marts' ? [matchingJob, job] : [job]));

/** Output that names a Glue job, e.g. `JobEvents` for `events`. */
export const jobOutput = (job: JobName): string => `Job${pascalCase(job)}`;

/** `crm-eu` → `CrmEu`: destination ids become parts of construct ids and outputs. */
export const pascalCase = (id: string): string => id.replace(/(?:^|[-_])([a-z0-9])/g, (_, first: string) => first.toUpperCase());

/**
 * What packed items are packed with: text that most profiles hold, the commonest last, as DEFLATE's preset dictionary. Stored items
 * depend on every character of it: it never changes; another one comes with another attribute.
 */
export const packingDictionary = [
  String.raw`birthday\",[\"description\",[\"gender\",[\"website\",[\"avatar\",[\"industry\",[\"employees\",[\"age\",[\"title\",[\"username\",`,
  String.raw`[\"address\",{\"street\":\"\",\"postalCode\":\"\",\"state\":\"\"[\"company\",[\"country\",\"US\",0],[\"city\",[\"plan\",[\"createdAt\",`,
  String.raw`[\"order_count\",[\"lifetime_value\",[\"newsletter\",true,0],false,0],[\"name\",[\"phone\",\"+1@gmail.com\",0],`,
  String.raw`"apart":"[\"per_","consent":"[[\"","accounts":"[[\"","merged":"[[\"per_","touches":"{\"first\":{\"timestamp\":\"202,\"last\":{`,
  String.raw`\"campaign\":{\"source\":\"google\",\"medium\":\"cpc\",\"name\":\"},\"referrer\":\"https://www.google.com/\"},\"messageId\":\"`,
  String.raw`[\"group_id:[\"device.id:[\"android.id:[\"ios.id:[\"phone:+1[\"email:@example.com\",\"m`,
  String.raw`[0,\"Product Clicked\",[0,\"Products Searched\",[0,\"Checkout Started\",[0,\"Signed Up\",[0,\"Application Opened\",[0,\"Order Completed\",`,
  String.raw`[2,\"Home\",[2,\"\",[1,\"\",1],[0,\"Product Added\",2],[0,\"Product Viewed\",3],4],5],6],7],8],9],10]]"`,
  String.raw`[[\"node-next-17-4-8-4-9-4-a-4-b[[\"ajs-next-17-4-8-4-9-4-a-4-b\",\"m`,
  String.raw`"segments":"[[\"","recent":"[[0,\"","sayings":"[[\"","traits":"[[\"email\",\"\",0],[\"first_name\",\"\",0],[\"last_name\",\"\",0],`,
  '{"collection":"users","createdAt":"202:00.000Z","firstSeen":"202:00.000Z","lastSeen":"202:00.000Z","marks":"ao ;ao ",',
  String.raw`"identifiers":"[[\"user_id:\",\"m\",\"m\"],[\"anonymous_id:\",\"m"]]",`,
].join('');
