import { GetJobRunCommand, type GlueClient, type JobRun, StartJobRunCommand } from '@aws-sdk/client-glue';
import { untilFound } from '../terminal/until-found.ts';

const ended = ['SUCCEEDED', 'FAILED', 'STOPPED', 'TIMEOUT', 'ERROR', 'EXPIRED'];

/** A run of a job did not succeed; the message contains Glue's reason. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
  readonly runId: string;
  constructor(job: string, { Id = '', JobRunState, ErrorMessage }: JobRun) {
    super(`${job} ${Id}: ${JobRunState}\n${ErrorMessage ?? ''}`.trimEnd());
    this.runId = Id;
  }
}

/** Starts a run of a job and returns its id. */
export async function startJob(glue: GlueClient, JobName: string, Arguments?: Record<string, string>): Promise<string> {
  const { JobRunId = '' } = await glue.send(new StartJobRunCommand({ JobName, Arguments }));
  return JobRunId;
}

/** Waits until a run has ended, and polls every `interval` seconds. */
async function untilEnded(read: () => Promise<JobRun | undefined>, interval: number): Promise<JobRun> {
  const run = async () => {
    const run = await read();
    return ended.includes(run?.JobRunState ?? '') ? run : undefined;
  };
  return (await untilFound(run, { minDelay: interval, maxDelay: interval })) ?? {};
}

/** A job of the lake and the arguments of one run. */
interface JobToRun {
  readonly job: string;
  readonly JobName: string;
  readonly Arguments?: Record<string, string>;
}

/**
 * Runs a job and waits for its success; polls every `interval` seconds, and `heard` receives each state.
 * @throws JobFailed when the run does not succeed
 */
export async function runJob(
  glue: GlueClient,
  { job, JobName, Arguments }: JobToRun,
  heard: (state: string) => void,
  interval = 1,
): Promise<JobRun> {
  const RunId = await startJob(glue, JobName, Arguments);
  const read = async () => {
    const { JobRun: run } = await glue.send(new GetJobRunCommand({ JobName, RunId }));
    heard(run?.JobRunState ?? '');
    return run;
  };
  const run = await untilEnded(read, interval);
  if (run.JobRunState !== 'SUCCEEDED') throw new JobFailed(job, run);
  return run;
}
