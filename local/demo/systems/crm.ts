import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { untilFound } from '../../../bin/terminal/until-found.ts';
import { importPrefix } from '../../../lambdas/core/contract/storage.ts';
import { FileSummary, summaryKey } from '../../../lambdas/core/imports/file-summary.ts';
import { manifestKey, resultKey } from '../../../lambdas/core/imports/staged-record.ts';
import { clientSettings } from '../../platform/aws.ts';
import type { PlatformOutputs } from '../../platform/platform.ts';
import { systemSources } from '../findings/systems.ts';
import { SystemFailed } from './system-failed.ts';

/** What the job `records` says of a load. */
const Result = z.object({ state: z.string(), reason: z.string().optional() });

/** Seconds that a busy machine may need for a file, and for a run of Spark. */
const patience = 240;
const interval = 0.5;

/**
 * Puts an export of the CRM into the lake's bucket, and waits until its changes are on their way. Returns its rows and
 * those that are bad.
 */
export async function dropExport(
  { emulatorUrl, lakeBucket: Bucket }: Pick<PlatformOutputs, 'emulatorUrl' | 'lakeBucket'>,
  name: string,
  csv: string,
): Promise<{ rows: number; bad: number }> {
  const s3 = new S3Client({ ...clientSettings(emulatorUrl), forcePathStyle: true });
  const found = async <Form>(form: z.ZodType<Form>, Key: string, what: string): Promise<Form> => {
    const read = () => textAt(s3, Bucket, Key);
    const text = await untilFound(read, { minDelay: interval, maxDelay: interval, maxWaitTime: patience });
    if (text === undefined) throw new SystemFailed(`${what} did not come within ${patience} s: ${Key}`);
    return form.parse(JSON.parse(text));
  };
  const Key = `${importPrefix.files}${systemSources.crm}/${name}`;
  try {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: csv }));
    const { state, reason, load, rows = 0, bad = 0 } = await found(FileSummary, summaryKey(Key), 'the summary');
    if (state !== 'staged' || load === undefined) throw new SystemFailed(`${Key} is ${state}: ${reason ?? ''}`);
    const key = resultKey(manifestKey(systemSources.crm, load), 'contacts');
    const result = await found(Result, key, 'what the job records made of it');
    if (result.state !== 'done') throw new SystemFailed(`the job records says of ${Key}: ${result.reason ?? ''}`);
    return { rows, bad };
  } finally {
    s3.destroy();
  }
}

async function textAt(s3: S3Client, Bucket: string, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
