import { env } from '../../lambdas/core/contract/environment.ts';
import { barrierFile } from '../../lambdas/core/contract/storage.ts';
import type { Encryption } from '../blocks/encryption.ts';
import type { HandlerFunction } from '../blocks/handler-function.ts';
import type { SecureBucket } from '../blocks/secure-bucket.ts';
import type { Profiles } from './profiles.ts';

/** Where the list of barriers is, and what turns identifiers into its hashes. */
export interface BarrierPlace {
  readonly encryption: Encryption;
  readonly bucket: SecureBucket;
  readonly profiles: Pick<Profiles, 'identifierKeySecret'>;
}

/** Lets a function read the list of barriers. With nothing else, it asks by keys that others made. */
export function askByKeys({ encryption, bucket }: BarrierPlace, reader: HandlerFunction): void {
  reader.addEnvironment(env.lakeBucket, bucket.bucketName);
  bucket.grantObject(reader, barrierFile, 'read');
  encryption.grantVia('s3', reader, 'kms:Decrypt');
}

/** Lets a function that reads events ask the list about each. */
export function askBarriers(place: BarrierPlace, reader: HandlerFunction): void {
  const { encryption, profiles } = place;
  askByKeys(place, reader);
  reader.addEnvironment(env.identifierKeySecret, profiles.identifierKeySecret.secretArn);
  encryption.grantSecret(reader, profiles.identifierKeySecret);
}

/** Lets a function write the list. */
export function listBarriers({ encryption, bucket }: BarrierPlace, writer: HandlerFunction): void {
  writer.addEnvironment(env.lakeBucket, bucket.bucketName);
  bucket.grantObject(writer, barrierFile, 'write');
  encryption.grantVia('s3', writer, 'kms:Decrypt', 'kms:GenerateDataKey');
}
