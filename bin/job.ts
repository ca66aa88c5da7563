import { GlueClient } from '@aws-sdk/client-glue';
import { type JobName, jobsInOrder, matchingJob, queriesJob, recordsJob } from '../lambdas/core/contract/jobs.ts';
import { jobOutput } from '../lambdas/core/contract/outputs.ts';
import { type Deployment, deployedStack } from './deployment/deployed-stack.ts';
import { printedBy } from './jobs/job-logs.ts';
import { JobFailed, runJob, startJob } from './jobs/run-job.ts';
import { Misused, onlyOne, runCommand } from './terminal/command.ts';
import { stateLine } from './terminal/state-line.ts';

const jobs = [...jobsInOrder(true, true), recordsJob];

const usage = `npm run job -- <name> [--argument name=value]... [--no-wait] [--stack Cdp] [--local]

Runs a job of the lake and waits for its end. Jobs: ${jobs.join(', ')}
  --argument  an argument of the job for this run, e.g. --argument overlap-minutes=60
  --no-wait   starts the job and does not wait
  --stack     name of the deployed stack
  --local     the platform that npm start runs, instead of the AWS account of your credentials`;

const options = {
  argument: { type: 'string', multiple: true },
  'no-wait': { type: 'boolean', default: false },
} as const;

interface Wish extends Deployment {
  readonly argument?: readonly string[];
  readonly 'no-wait': boolean;
}

const neededFor = new Map<string, string>([
  [matchingJob, '; configure identity.matching to have it'],
  [recordsJob, '; a source whose rows are records brings it'],
  [queriesJob, '; a source of kind query brings it'],
]);

const isJob = (name: string): name is JobName => jobs.some((job) => job === name);

await runCommand(usage, options, async ({ values, positionals }) => {
  const name = onlyOne(positionals, `a job: ${jobs.join(', ')}`);
  if (!isJob(name)) throw new Misused(`there is no job "${name}"; jobs: ${jobs.join(', ')}`);
  const wrong = values.argument?.find((pair) => !/^[a-z][a-z-]*=/.test(pair));
  if (wrong !== undefined)
    throw new Misused(`--argument is "${wrong}", and must be name=value, e.g. overlap-minutes=60`);
  return answer(name, values);
});

async function answer(name: JobName, { argument = [], 'no-wait': noWait, ...deployment }: Wish): Promise<string> {
  const { where, outputs } = await deployedStack(deployment);
  const JobName = outputs[jobOutput(name)];
  if (JobName === undefined)
    throw new Error(`The stack ${deployment.stack} has no job ${name}${neededFor.get(name) ?? ''}`);
  const glue = new GlueClient(where);
  const Arguments = Object.fromEntries(
    argument.map((pair) => [`--${pair.slice(0, pair.indexOf('='))}`, pair.slice(pair.indexOf('=') + 1)]),
  );
  if (noWait) return `${name} started: ${await startJob(glue, JobName, Arguments)}`;
  try {
    const { Id, ExecutionTime = 0 } = await runJob(glue, { job: name, JobName, Arguments }, stateLine(name));
    return `${name} ${Id}: SUCCEEDED in ${ExecutionTime} s`;
  } catch (error) {
    if (!(error instanceof JobFailed)) throw error;
    throw new Error(`${error.message}\n${await printedBy(where, glue, JobName, error.runId)}`, { cause: error });
  }
}
