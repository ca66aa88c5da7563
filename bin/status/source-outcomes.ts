import { GetJobRunsCommand, GlueClient } from '@aws-sdk/client-glue';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { output, pullJobOutput } from '../../lambdas/core/contract/outputs.ts';
import { importPrefix, lakePrefix } from '../../lambdas/core/contract/storage.ts';
import type { Surroundings } from './readings.ts';
import { span } from './report.ts';
import type { Watched } from './source-counts.ts';

/** How a source's last run, file or answer ended, and why it failed. */
export interface Outcome {
  readonly text: string;
  readonly wrong?: string | undefined;
}

/** How far a source was read and how it ended the last time; empty texts are left out. */
export async function outcomesOf(source: Watched, surroundings: Surroundings): Promise<Outcome[]> {
  if (source.kind === 'pull' || source.kind === 'database')
    return Promise.all([lastRun(source.id, surroundings), bookmark(source.id, surroundings)]);
  if (source.kind === 'files') return [await lastFile(source.id, surroundings)];
  return source.hasLoads ? [await lastAnswer(source.id, surroundings)] : [];
}

async function lastRun(id: string, { where, outputs, now }: Surroundings): Promise<Outcome> {
  const JobName = outputs[pullJobOutput(id)];
  if (JobName === undefined) return { text: 'its job is not in the stack', wrong: 'deploy cdp.config.ts' };
  const { JobRuns: [run] = [] } = await new GlueClient(where).send(new GetJobRunsCommand({ JobName, MaxResults: 1 }));
  if (run === undefined) return { text: 'never read' };
  const { JobRunState: state = 'UNKNOWN', ErrorMessage: why = 'see its log', StartedOn = new Date(now) } = run;
  const text = `the last run ${state} ${span(now - StartedOn.getTime())} ago`;
  return ['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'].includes(state) ? { text, wrong: `its last run: ${why}` } : { text };
}

/** The oldest time up to which an object of a source was read. */
async function bookmark(id: string, surroundings: Surroundings): Promise<Outcome> {
  const pulls = await newest(`${lakePrefix.pulls}${id}/`, '.json', surroundings, 100);
  const bounds = await newest(`${importPrefix.states}${id}/reads/`, 'bounds.json', surroundings);
  const times = [
    ...pulls.map(({ document }) => document.upTo),
    ...bounds.flatMap(({ document }) => Object.values(document).map((each) => (each as { bound?: unknown }).bound)),
  ].flatMap((time) => (typeof time === 'string' ? [Date.parse(time)] : []));
  return { text: times.length === 0 ? '' : `read up to ${span(surroundings.now - Math.min(...times))} ago` };
}

async function lastFile(id: string, surroundings: Surroundings): Promise<Outcome> {
  const [last] = await newest(`${importPrefix.summaries}${id}/`, '.json', surroundings);
  if (last === undefined) return { text: 'no file in 30 days' };
  const { file, state, rows, bad, reason } = last.document;
  const counted = typeof rows === 'number' ? `, ${rows} rows, ${bad ?? 0} of them bad` : '';
  const text = `the last file ${state} ${span(surroundings.now - last.at)} ago${counted}`;
  return state === 'refused' ? { text, wrong: `${file}: ${reason}` } : { text };
}

/** What became of the newest load that a job compared. */
async function lastAnswer(id: string, surroundings: Surroundings): Promise<Outcome> {
  const [last] = await newest(`${importPrefix.rows}${id}/`, '/result.json', surroundings);
  if (last === undefined) return { text: 'nothing compared in 30 days' };
  const { state, rows = 0, bad = 0, reason } = last.document;
  const text = `the last load ${state} ${span(surroundings.now - last.at)} ago, ${rows} rows, ${bad} of them bad`;
  return state === 'asks' ? { text, wrong: `it asks: ${reason}` } : { text };
}

interface Found {
  readonly at: number;
  readonly document: Readonly<Record<string, unknown>>;
}

/** The newest documents below a prefix of the lake. */
async function newest(
  Prefix: string,
  suffix: string,
  { where, outputs }: Surroundings,
  most = 1,
): Promise<readonly Found[]> {
  const client = new S3Client({ ...where, forcePathStyle: true });
  const Bucket = outputs[output.lakeBucket];
  const found: { readonly Key: string; readonly at: number }[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix }))
    for (const { Key = '', LastModified } of Contents)
      if (Key.endsWith(suffix)) found.push({ Key, at: LastModified?.getTime() ?? 0 });
  const last = found.sort((a, b) => b.at - a.at).slice(0, most);
  return Promise.all(
    last.map(async ({ Key, at }) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return { at, document: JSON.parse((await Body?.transformToString()) ?? '{}') };
    }),
  );
}
