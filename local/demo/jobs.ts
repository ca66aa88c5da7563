import { GlueClient } from '@aws-sdk/client-glue';
import { startJob, untilEnded } from '../../bin/job-run.ts';
import { jobOutput, jobsInOrder, matchingJob } from '../../lambdas/core/contract.ts';
import { clientSettings } from '../aws.ts';
import type { PlatformOutputs } from '../platform.ts';
import { required } from '../stack-outputs.ts';
import type { ProgressLine } from './progress-line.ts';

/** A job of the lake did not succeed; the message has its error. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
}

const interval = 200;

/** Runs every job of the lake once, each when the one before it has succeeded, as the schedule does. @throws JobFailed */
export async function runJobs({ emulatorUrl, stack }: PlatformOutputs, progress: ProgressLine): Promise<void> {
  const glue = new GlueClient(clientSettings(emulatorUrl));
  for (const job of jobsInOrder(jobOutput(matchingJob) in stack)) {
    progress.start(`  … job ${job} on Spark`);
    const started = performance.now();
    const name = required(stack, jobOutput(job));
    const run = await untilEnded(glue, name, await startJob(glue, name), interval, () => undefined);
    if (run.JobRunState !== 'SUCCEEDED') throw new JobFailed(`the job ${job} ended as ${run.JobRunState}: ${run.ErrorMessage ?? ''}`);
    progress.finish(`done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
  glue.destroy();
}
