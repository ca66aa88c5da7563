import { GetJobRunCommand, GetJobRunsCommand, GlueClient, type JobRun, StartJobRunCommand } from '@aws-sdk/client-glue';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { recordsJob } from '../../../lambdas/core/contract/jobs.ts';
import { jobOutput, pullJobOutput, pullSecretOutput } from '../../../lambdas/core/contract/outputs.ts';
import { eventually } from '../observed/eventually.ts';
import { asOwner, platform } from '../platform/deployment.ts';

const [glue, secrets] = [new GlueClient(asOwner), new SecretsManagerClient(asOwner)];

/** Stores what the API of a source asks for, as an operator does. */
export const storeSecret = (source: string, secret: object) =>
  secrets.send(
    new PutSecretValueCommand({
      SecretId: platform.stack[pullSecretOutput(source)],
      SecretString: JSON.stringify(secret),
    }),
  );

/** What is stored for the API of a source now. */
export async function secretOf(source: string): Promise<object> {
  const SecretId = platform.stack[pullSecretOutput(source)];
  return JSON.parse((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '');
}

/** Waits until no run of the job `records` is at work: a load that comes meanwhile waits for five minutes. */
export const recordsAtRest = (): Promise<void> =>
  eventually(
    async () => {
      const { JobRuns = [] } = await glue.send(
        new GetJobRunsCommand({ JobName: platform.stack[jobOutput(recordsJob)] }),
      );
      if (JobRuns.some(isAtWork)) throw new Error('a run of records is at work');
    },
    { within: 200_000, every: 500 },
  );

const isAtWork = (run?: JobRun): boolean => /STARTING|RUNNING|WAITING/.test(run?.JobRunState ?? '');

/** Runs the job that reads the API of a source, to its end. */
export async function pull(source: string): Promise<JobRun | undefined> {
  const JobName = platform.stack[pullJobOutput(source)];
  const { JobRunId: RunId } = await glue.send(new StartJobRunCommand({ JobName }));
  const ended = async () => {
    const { JobRun } = await glue.send(new GetJobRunCommand({ JobName, RunId }));
    if (isAtWork(JobRun)) throw new Error(`${source} is still read`);
    return JobRun;
  };
  return eventually(ended, { within: 200_000, every: 500 });
}
