import { GlueClient } from '@aws-sdk/client-glue';
import { type JobName, jobOutput, jobsInOrder, matchingJob } from '../lambdas/core/contract.ts';
import { runCommand } from './command.ts';
import { type Deployment, deployedStack } from './deployed-stack.ts';
import { startJob, untilEnded } from './job-run.ts';

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
  const JobRunId = await startJob(glue, JobName, Arguments);
  if (noWait) return `${name} started: ${JobRunId}`;
  const run = await untilEnded(glue, JobName, JobRunId, 1000, stateLine(name));
  if (run.JobRunState !== 'SUCCEEDED') throw new Error(`${name} ${JobRunId}: ${run.JobRunState}\n${run.ErrorMessage ?? ''}`.trimEnd());
  return `${name} ${JobRunId}: SUCCEEDED in ${run.ExecutionTime ?? 0} s`;
}

/** Says on stderr how a run is and how long it has been. */
function stateLine(name: string): (state: string) => void {
  const started = Date.now();
  return (state) => {
    if (!process.stderr.isTTY) return;
    const line = ['STARTING', 'RUNNING', 'STOPPING', 'WAITING'].includes(state)
      ? `${name}: ${state} … ${Math.round((Date.now() - started) / 1000)} s`
      : '';
    process.stderr.write(`\r\x1b[K${line}`);
  };
}
