import type { JobName } from './jobs.ts';

/** CloudFormation outputs, by which operators, the local platform and tests find a deployment's resources. */
export const output = {
  ingestUrl: 'IngestUrl',
  profileUrl: 'ProfileUrl',
  adminUrl: 'AdminUrl',
  accessTokensSecret: 'AccessTokensSecret',
  adminTokensSecret: 'AdminTokensSecret',
  sourceSecrets: 'SourceSecrets',
  importQueue: 'ImportQueueUrl',
  importDeadLetters: 'ImportDeadLettersUrl',
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
  retention: 'Retention',
} as const;

/** Output of a destination's nested stack with its settings secret, e.g. `DestinationSettingsCrm` for `crm`. */
export const destinationSettingsOutput = (destinationId: string): string =>
  `DestinationSettings${pascalCase(destinationId)}`;

/** Output with the queue of one destination. */
export const destinationQueueOutput = (destinationId: string): string => `DestinationQueue${pascalCase(destinationId)}`;

/** Output with the dead-letter queue of one destination. */
export const destinationDeadLettersOutput = (destinationId: string): string =>
  `DestinationDeadLetters${pascalCase(destinationId)}`;

/** Output with the function that delivers to one destination. */
export const destinationFunctionOutput = (destinationId: string): string =>
  `DestinationFunction${pascalCase(destinationId)}`;

/** Output with the secret by which Lambda signs in to the brokers of a source of Kafka. */
export const topicSignInOutput = (sourceId: string): string => `TopicSignIn${pascalCase(sourceId)}`;

/** Output with the secret of the authority that signed the certificates of a source's brokers. */
export const topicAuthorityOutput = (sourceId: string): string => `TopicAuthority${pascalCase(sourceId)}`;

/** Output with a Glue job, e.g. `JobEvents` for `events`. */
export const jobOutput = (job: JobName): string => `Job${pascalCase(job)}`;

/** Output with the Glue job that reads the API of one source. */
export const pullJobOutput = (sourceId: string): string => `PullJob${pascalCase(sourceId)}`;

/** Output with the secret of one source whose API is read. */
export const pullSecretOutput = (sourceId: string): string => `PullSecret${pascalCase(sourceId)}`;

/** `crm-eu` → `CrmEu`: destination ids become parts of construct ids and outputs. */
export const pascalCase = (id: string): string =>
  id.replace(/(?:^|[-_])([a-z0-9])/g, (_, first: string) => first.toUpperCase());
