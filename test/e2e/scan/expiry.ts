import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { assembly } from '../../../local/platform/synthesis.ts';
import { asOwner, stackOutput } from '../platform/deployment.ts';
import type { Version } from './pieces.ts';

const s3 = new S3Client({ ...asOwner, forcePathStyle: true });

interface Rule {
  readonly Prefix?: string;
  readonly Status: string;
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
}

/** The rules of a bucket of the deployed template, by a part of its logical id. */
async function rulesOf(id: string): Promise<readonly Rule[]> {
  const { Resources } = JSON.parse(await readFile(join(assembly, 'Cdp.template.json'), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { LifecycleConfiguration?: { Rules: Rule[] } } }>;
  };
  const [bucket] = Object.entries(Resources).flatMap(([name, { Type, Properties }]) =>
    Type === 'AWS::S3::Bucket' && name.includes(id) ? [Properties] : [],
  );
  return (bucket?.LifecycleConfiguration?.Rules ?? []).filter(({ Status }) => Status === 'Enabled');
}

/**
 * Deletes of these versions what S3 deletes once all days of the bucket's rules have passed: first current versions,
 * which become earlier ones, then earlier ones. The emulator has no such rules, and a test has no such time. What no
 * rule names stays.
 */
export async function expire(found: readonly Version[]): Promise<void> {
  const rules = new Map([
    [stackOutput('lakeBucket'), await rulesOf('LakeBucket')],
    [stackOutput('failedBatchBucket'), await rulesOf('FailedBatches')],
  ]);
  for (const { bucket, key, versionId, isCurrent } of found) {
    const ruled = (rules.get(bucket) ?? []).filter(({ Prefix = '' }) => key.startsWith(Prefix));
    const expires = ruled.some(({ ExpirationInDays }) => ExpirationInDays !== undefined);
    if (isCurrent && expires) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    const isEarlier = !isCurrent || expires;
    const goes = isEarlier && ruled.some(({ NoncurrentVersionExpiration: earlier }) => earlier !== undefined);
    if (goes) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
  }
}
