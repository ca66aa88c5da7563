import { setTimeout as wait } from 'node:timers/promises';
import { GetJobRunCommand, type GlueClient, type JobRun, StartJobRunCommand } from '@aws-sdk/client-glue';

const ended = ['SUCCEEDED', 'FAILED', 'STOPPED', 'TIMEOUT', 'ERROR', 'EXPIRED'];

/** Starts a run of a job; gives its id. */
export async function startJob(glue: GlueClient, JobName: string, Arguments?: Record<string, string>): Promise<string> {
  const { JobRunId = '' } = await glue.send(new StartJobRunCommand({ JobName, Arguments }));
  return JobRunId;
}

/** Waits until a run has ended, however it did, and asks so often (milliseconds); `heard` is told of each answer. */
export async function untilEnded(
  glue: GlueClient,
  JobName: string,
  RunId: string,
  interval: number,
  heard: (state: string) => void,
): Promise<JobRun> {
  for (;;) {
    const { JobRun: run } = await glue.send(new GetJobRunCommand({ JobName, RunId }));
    heard(run?.JobRunState ?? '');
    if (run !== undefined && ended.includes(run.JobRunState ?? '')) return run;
    await wait(interval);
  }
}

/** A job of the lake and what one run of it is told. */
export interface JobToRun {
  readonly job: string;
  readonly JobName: string;
  readonly Arguments?: Record<string, string>;
}

/** Runs a job and waits for its success; `heard` is told of each answer. @throws Error with what Glue says of a run that did not succeed */
export async function runJob(glue: GlueClient, { job, JobName, Arguments }: JobToRun, heard: (state: string) => void): Promise<JobRun> {
  const RunId = await startJob(glue, JobName, Arguments);
  const run = await untilEnded(glue, JobName, RunId, 1000, heard);
  if (run.JobRunState !== 'SUCCEEDED') throw new Error(`${job} ${RunId}: ${run.JobRunState}\n${run.ErrorMessage ?? ''}`.trimEnd());
  return run;
}
