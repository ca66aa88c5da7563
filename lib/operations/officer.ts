import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import { env } from '../../lambdas/core/contract/environment.ts';
import { erasureFile } from '../../lambdas/core/contract/storage.ts';
import type { Encryption } from '../blocks/encryption.ts';
import type { HandlerFunction } from '../blocks/handler-function.ts';
import type { SecureBucket } from '../blocks/secure-bucket.ts';
import { listBarriers } from '../profiles/barriers.ts';
import type { Profiles } from '../profiles/profiles.ts';

/** What a privacy officer works with. */
export interface OfficerPlace {
  readonly encryption: Encryption;
  readonly profiles: Profiles;
  /** The lake's bucket. */
  readonly bucket: SecureBucket;
  readonly events: Stream;
  /** Days for which the platform keeps what goes by itself, as JSON. */
  readonly retention: string;
}

/** Lets a function do what a privacy officer does: `deployedOfficer` of the functions reads these settings. */
export function actAsOfficer(
  fn: HandlerFunction,
  { encryption, profiles, bucket, events, retention }: OfficerPlace,
): void {
  fn.addEnvironment(env.profileTable, profiles.table.tableName);
  fn.addEnvironment(env.identifierKeySecret, profiles.identifierKeySecret.secretArn);
  fn.addEnvironment(env.retention, retention);
  fn.addEnvironment(env.eventStream, events.streamName);
  profiles.grantReadWrite(fn);
  profiles.grantRequests(fn);
  profiles.grantRelease(fn);
  encryption.grantSecret(fn, profiles.identifierKeySecret);
  listBarriers({ encryption, bucket, profiles }, fn);
  bucket.grantObject(fn, erasureFile, 'read');
  events.grant(fn, 'kinesis:PutRecords');
  encryption.grantVia('kinesis', fn, 'kms:GenerateDataKey');
}
