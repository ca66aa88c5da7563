import { GlueClient } from '@aws-sdk/client-glue';
import { type JobName, jobOutput, jobsInOrder, matchingJob } from '../lambdas/core/contract.ts';
import { runCommand } from './command.ts';
import { type Deployment, deployedStack } from './deployed-stack.ts';
import { runJob, startJob } from './job-run.ts';
import { stateLine } from './state-line.ts';

const jobs = jobsInOrder(true);

const usage = `npm run job -- <name> [--argument name=value]... [--no-wait] [--stack Cdp] [--local]

Runs a job of the lake and waits for its end. Jobs: ${jobs.join(', ')}
  --argument  an argument of the job for this run, e.g. --argument overlap-minutes=60
  --no-wait   only start it
  --stack     name of the deployed stack
  --local     the platform that npm start runs, instead of the AWS account of your credentials`;

const options = { argument: { type: 'string', multiple: true }, 'no-wait': { type: 'boolean', default: false } } as const;

interface Wish extends Deployment {
  readonly argument?: readonly string[];
  readonly 'no-wait': boolean;
}

const isJob = (name: string | undefined): name is JobName => jobs.some((job) => job === name);

await runCommand(usage, options, ({ values, positionals: [name, ...more] }) =>
  isJob(name) && more.length === 0 && (values.argument ?? []).every((pair) => /^[a-z][a-z-]*=/.test(pair)) ? answer(name, values) : undefined,
);

async function answer(name: JobName, { argument = [], 'no-wait': noWait, ...deployment }: Wish): Promise<string> {
  const { where, outputs } = await deployedStack(deployment);
  const JobName = outputs[jobOutput(name)];
  if (JobName === undefined)
    throw new Error(`The stack ${deployment.stack} has no job ${name}${name === matchingJob ? '; configure identity.matching to have it' : ''}`);
  const glue = new GlueClient(where);
  const Arguments = Object.fromEntries(argument.map((pair) => [`--${pair.slice(0, pair.indexOf('='))}`, pair.slice(pair.indexOf('=') + 1)]));
  if (noWait) return `${name} started: ${await startJob(glue, JobName, Arguments)}`;
  const { Id, ExecutionTime = 0 } = await runJob(glue, { job: name, JobName, Arguments }, stateLine(name));
  return `${name} ${Id}: SUCCEEDED in ${ExecutionTime} s`;
}
