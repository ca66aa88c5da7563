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
