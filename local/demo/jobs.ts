import { GlueClient } from '@aws-sdk/client-glue';
import { runJob } from '../../bin/jobs/run-job.ts';
import type { TaskLine } from '../../bin/terminal/task-line.ts';
import { jobsInOrder, matchingJob, queriesJob } from '../../lambdas/core/contract/jobs.ts';
import { jobOutput } from '../../lambdas/core/contract/outputs.ts';
import { clientSettings } from '../platform/aws.ts';
import type { PlatformOutputs } from '../platform/platform.ts';
import { required } from '../platform/stack-outputs.ts';

/** Seconds between two reads of a run's state. */
const interval = 0.2;

/** Runs every job of the lake once, one after the other, as the schedule does. @throws JobFailed */
export async function runJobs({ emulatorUrl, stack }: PlatformOutputs, progress: TaskLine): Promise<void> {
  const glue = new GlueClient(clientSettings(emulatorUrl));
  try {
    for (const job of jobsInOrder(jobOutput(matchingJob) in stack, jobOutput(queriesJob) in stack)) {
      progress.start(`  … job ${job} on Spark`);
      const started = performance.now();
      await runJob(glue, { job, JobName: required(stack, jobOutput(job)) }, () => undefined, interval);
      progress.finish(`done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }
  } finally {
    glue.destroy();
  }
}
