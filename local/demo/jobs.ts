import { setTimeout as wait } from 'node:timers/promises';
import { GetJobRunCommand, GlueClient, StartJobRunCommand } from '@aws-sdk/client-glue';
import { type JobName, jobNames, jobOutput } from '../../lambdas/core/contract.ts';
import { clientSettings } from '../aws.ts';
import type { PlatformOutputs } from '../platform.ts';
import { required } from '../stack-outputs.ts';
import type { ProgressLine } from './progress-line.ts';

/** A job of the lake did not succeed; the message has its error. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
}

/** Runs every job of the lake once, each when the one before it has succeeded, as the schedule does. @throws JobFailed */
export async function runJobs({ emulatorUrl, stack }: PlatformOutputs, progress: ProgressLine): Promise<void> {
  const glue = new GlueClient(clientSettings(emulatorUrl));
  for (const job of jobNames) {
    progress.start(`  … job ${job} on Spark`);
    const seconds = await runJob(glue, job, required(stack, jobOutput(job)));
    progress.finish(`done in ${seconds.toFixed(1)} s`);
  }
  glue.destroy();
}

async function runJob(glue: GlueClient, job: JobName, JobName: string): Promise<number> {
  const started = performance.now();
  const { JobRunId: RunId } = await glue.send(new StartJobRunCommand({ JobName }));
  for (;;) {
    const { JobRun: run } = await glue.send(new GetJobRunCommand({ JobName, RunId }));
    const state = run?.JobRunState ?? 'STARTING';
    if (state === 'SUCCEEDED') return (performance.now() - started) / 1000;
    if (!['STARTING', 'RUNNING'].includes(state)) throw new JobFailed(`the job ${job} ended as ${state}: ${run?.ErrorMessage ?? ''}`);
    await wait(200);
  }
}
