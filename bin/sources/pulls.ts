import { GetJobRunsCommand, GlueClient } from '@aws-sdk/client-glue';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { output, pullJobOutput, pullSecretOutput } from '../../lambdas/core/contract/outputs.ts';
import { lakePrefix } from '../../lambdas/core/contract/storage.ts';
import { printedBy } from '../jobs/job-logs.ts';
import { JobFailed, runJob, startJob } from '../jobs/run-job.ts';
import { stateLine } from '../terminal/state-line.ts';

/** A deployment: how it is reached, and its outputs. */
export interface Reached {
  readonly where: object;
  readonly outputs: Readonly<Record<string, string | undefined>>;
}

/** What an operator wishes of one run. */
export interface PullWish {
  readonly everything: boolean;
  readonly 'accept-shrink': boolean;
  readonly 'no-wait': boolean;
}

/** Reads an API or a database now, and waits for the end. @throws Error with what the run printed, when it fails */
export async function pullNow({ where, outputs }: Reached, source: string, wish: PullWish): Promise<string> {
  const glue = new GlueClient(where);
  const JobName = found(outputs, pullJobOutput(source), source);
  const Arguments = {
    ...(wish.everything && { '--everything': 'yes' }),
    ...(wish['accept-shrink'] && { '--accept-shrink': 'yes' }),
  };
  if (wish['no-wait']) return `the pull of ${source} started: ${await startJob(glue, JobName, Arguments)}`;
  try {
    const { Id = '' } = await runJob(glue, { job: source, JobName, Arguments }, stateLine(source));
    return `${source} ${Id}: SUCCEEDED\n${await printedBy(where, glue, JobName, Id)}`;
  } catch (error) {
    if (!(error instanceof JobFailed)) throw error;
    throw new Error(`${error.message}\n${await printedBy(where, glue, JobName, error.runId)}`, { cause: error });
  }
}

const Secret = z.record(z.string(), z.string().min(1));

/** Stores what the API of a source asks for. @throws Error when the text is no object of texts */
export async function storePullSecret({ where, outputs }: Reached, source: string, text: string): Promise<string> {
  const secret = Secret.safeParse(parsed(text));
  // Not repeated: it is a secret.
  if (!secret.success) throw new Error('the file must hold JSON such as {"token": "…"}, with texts only');
  const SecretId = found(outputs, pullSecretOutput(source), source);
  const command = new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(secret.data) });
  await new SecretsManagerClient(where).send(command);
  return `the secret of ${source} is stored: ${Object.keys(secret.data).join(', ')}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const Progress = z.object({ upTo: z.string().nullable(), rows: z.number(), run: z.string().nullable() });

/** One row for each object of a source: its last run, the rows of it, up to when it was read, and how it ended. */
export async function pullStatus({ where, outputs }: Reached, source: string, now: number): Promise<string[][]> {
  const s3 = new S3Client({ ...where, forcePathStyle: true });
  const JobName = found(outputs, pullJobOutput(source), source);
  const { JobRuns: [last] = [] } = await new GlueClient(where).send(new GetJobRunsCommand({ JobName, MaxResults: 1 }));
  const ended = last === undefined ? 'no run' : [last.JobRunState, last.ErrorMessage].filter(Boolean).join(': ');
  const Bucket = found(outputs, output.lakeBucket, source);
  const Prefix = `${lakePrefix.pulls}${source}/`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  if (Contents.length === 0) return [[source, '', 'never read', '', '', ended]];
  return Promise.all(
    Contents.map(async ({ Key = '' }) => {
      const object = Key.slice(Prefix.length).replace(/\.json$/, '');
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const progress = Progress.parse(JSON.parse((await Body?.transformToString()) ?? ''));
      return [source, object, ...progressText(progress, now), ended];
    }),
  );
}

function progressText({ upTo, run, rows }: z.infer<typeof Progress>, now: number): string[] {
  const behind = upTo === null ? '' : `${Math.round((now - Date.parse(upTo)) / 60_000)} min behind`;
  return [run ?? '', `${rows} rows`, behind];
}

function found(outputs: Reached['outputs'], name: string, source: string): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`the stack does not read the source ${source}; deploy it first`);
  return value;
}
