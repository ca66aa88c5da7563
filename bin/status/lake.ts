import { GetJobRunsCommand, GlueClient } from '@aws-sdk/client-glue';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { lakeZone } from '../../lambdas/adapters/lake/zone.ts';
import { type JobName, jobsInOrder } from '../../lambdas/core/contract/jobs.ts';
import { jobOutput, output } from '../../lambdas/core/contract/outputs.ts';
import { failedBatchPrefix, lakePrefix } from '../../lambdas/core/contract/storage.ts';
import { namedMessageOf } from '../../lambdas/core/values/thrown.ts';
import type { Surroundings } from './readings.ts';
import { couldNotBeRead, type Finding, reasonOf, span, tally } from './report.ts';

const day = 86_400_000;
/** Maximum of quarantine objects to read, newest first. */
const mostObjects = 500;
const reasonsShown = 10;

/** Failed batches that nobody has sent again. */
export async function failedBatches({ where, outputs }: Surroundings): Promise<Finding[]> {
  const count = await objectsSince(where, outputs[output.failedBatchBucket], [failedBatchPrefix], 0);
  return [
    {
      part: 'failed batches',
      state: `${count} wait to be sent again`,
      wrong: count > 0 ? 'batches were given up: npm run redrive' : undefined,
    },
  ];
}

/** Events put into the quarantine in the last day, by reason. */
export async function quarantine({ where, outputs, now }: Surroundings): Promise<Finding[]> {
  const zone = lakeZone(new S3Client(where), outputs[output.lakeBucket] ?? '', lakePrefix.quarantine);
  const keys = await zone.list(now - day, now);
  const failures: string[] = [];
  const read = (key: string) =>
    zone.read(key).catch((error: unknown): string[] => {
      failures.push(namedMessageOf(error));
      return [];
    });
  const lines = (await pMap(keys.slice(-mostObjects), read, { concurrency: 8 })).flat();
  const reasons = tally(lines.map(reasonOf), reasonsShown).map(({ kind, count }) => ({
    part: '',
    state: `${count} ${kind}`,
  }));
  const unread = tally(failures, reasonsShown).map(({ kind, count }) => ({
    part: '',
    state: `${count} objects could not be read`,
    wrong: kind,
  }));
  const all = keys.length > mostObjects ? `, in the newest ${mostObjects} of ${keys.length} objects` : '';
  return [{ part: 'quarantine', state: `${lines.length} events of the last day${all}` }, ...reasons, ...unread];
}

/** The last run of each job, and how much of the raw zone the lake has not read. */
export async function lake(surroundings: Surroundings): Promise<Finding[]> {
  const { where, outputs, now } = surroundings;
  const runs = await Promise.all(
    jobsInOrder(true, true)
      .filter((job) => outputs[jobOutput(job)] !== undefined)
      .map((job) =>
        jobFindings(where, now, job, outputs[jobOutput(job)] ?? '').catch((error) => ({
          job,
          succeeded: undefined,
          ...couldNotBeRead(`job ${job}`, error),
        })),
      ),
  );
  const events = runs.find(({ job }) => job === 'events');
  const unread = await unreadSince(surroundings, events?.succeeded).catch((error) => couldNotBeRead('lake', error));
  if (typeof unread !== 'number') return [unread, ...runs];
  return [
    { part: 'lake', state: `${unread} objects of the raw zone are not read yet; ${howCurrent(now, events)}` },
    ...runs,
  ];
}

function howCurrent(now: number, events: JobFinding | undefined): string {
  if (events?.succeeded !== undefined) return `the job events last began ${span(now - events.succeeded)} ago`;
  return events?.wrong === undefined
    ? 'the job events has never succeeded'
    : 'no successful run of the job events is known';
}

/** Objects of the raw zone written since a job's start, in the last two days. */
function unreadSince({ where, outputs, now }: Surroundings, read = 0): Promise<number> {
  const days = [2, 1, 0].map(
    (ago) => `${lakePrefix.raw}${new Date(now - ago * day).toISOString().slice(0, 10).replaceAll('-', '/')}/`,
  );
  return objectsSince(where, outputs[output.lakeBucket], days, Math.max(read, now - 2 * day));
}

interface JobFinding extends Finding {
  readonly job: JobName;
  /** Start of the last successful run. */
  readonly succeeded: number | undefined;
}

async function jobFindings(where: object, now: number, job: JobName, JobName: string): Promise<JobFinding> {
  const { JobRuns: runs = [] } = await new GlueClient(where).send(new GetJobRunsCommand({ JobName, MaxResults: 20 }));
  const [last] = runs;
  const succeeded = runs.find(({ JobRunState }) => JobRunState === 'SUCCEEDED')?.StartedOn?.getTime();
  if (last === undefined) return { job, succeeded, part: `job ${job}`, state: 'has never run' };
  const state = last.JobRunState ?? 'UNKNOWN';
  const when = span(now - (last.CompletedOn ?? last.StartedOn ?? new Date(now)).getTime());
  const wrong = ['FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED'].includes(state)
    ? `its last run ended with ${state}`
    : undefined;
  return {
    job,
    succeeded,
    part: `job ${job}`,
    state: `${state} ${when} ago, in ${span((last.ExecutionTime ?? 0) * 1000)}`,
    wrong,
  };
}

/** Objects below some prefixes that were written since a time. */
async function objectsSince(
  where: object,
  Bucket: string | undefined,
  prefixes: readonly string[],
  since: number,
): Promise<number> {
  let count = 0;
  for (const Prefix of prefixes)
    for await (const { Contents = [] } of paginateListObjectsV2({ client: new S3Client(where) }, { Bucket, Prefix }))
      count += Contents.filter(({ LastModified }) => (LastModified?.getTime() ?? 0) >= since).length;
  return count;
}
