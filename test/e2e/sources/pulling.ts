import { GetJobRunCommand, GlueClient, type JobRun, StartJobRunCommand } from '@aws-sdk/client-glue';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { pullJobOutput, pullSecretOutput } from '../../../lambdas/core/contract/outputs.ts';
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

/** Runs the job that reads the API of a source, to its end. */
export async function pull(source: string): Promise<JobRun | undefined> {
  const JobName = platform.stack[pullJobOutput(source)];
  const { JobRunId: RunId } = await glue.send(new StartJobRunCommand({ JobName }));
  const ended = async () => {
    const { JobRun } = await glue.send(new GetJobRunCommand({ JobName, RunId }));
    if (/STARTING|RUNNING|WAITING/.test(JobRun?.JobRunState ?? '')) throw new Error(`${source} is still read`);
    return JobRun;
  };
  return eventually(ended, { within: 200_000, every: 500 });
}
