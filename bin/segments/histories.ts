import { GlueClient } from '@aws-sdk/client-glue';
import { config } from '../../cdp.config.ts';
import { historiesJob, type JobName } from '../../lambdas/core/contract/jobs.ts';
import { jobOutput } from '../../lambdas/core/contract/outputs.ts';
import { type FrozenRun, nextRun, type RunDeps } from '../../lambdas/operations/histories/frozen-run.ts';
import type { HistoryStanding, RunOutcome } from '../../lambdas/operations/histories/standing.ts';
import { type DeployedStack, type Deployment, requiredOutput } from '../deployment/deployed-stack.ts';
import { historyPlace } from '../deployment/history-place.ts';
import type { segmentTableOf } from '../deployment/segment-table.ts';
import { runJob } from '../jobs/run-job.ts';
import { settled } from '../jobs/settled.ts';
import { stateLine } from '../terminal/state-line.ts';

/** Which deployment, and how many minutes an event may need to reach its lake. */
export interface HistoryWish extends Deployment {
  readonly minutes: number;
}

type Table = Awaited<ReturnType<typeof segmentTableOf>>;

/** Runs of histories of a deployment. */
export function historyRuns({ deployed, aggregates }: Table, wish: HistoryWish): RunDeps & { files: FilesOf } {
  return {
    config,
    registry: aggregates,
    files: historyPlace(deployed, wish),
    gather: async (run, { cut }) => {
      await settled(new Date(cut), wish.minutes, 'events from before new definitions count');
      await gather(run, deployed, wish);
    },
    now: Date.now,
  };
}
type FilesOf = ReturnType<typeof historyPlace>;

/** Brings the lake up to date, and runs the job. */
async function gather(run: string, deployed: DeployedStack, { minutes }: HistoryWish): Promise<void> {
  const glue = new GlueClient(deployed.where);
  const jobs: readonly [JobName, Record<string, string>][] = [
    ['events', {}],
    ['identities', {}],
    [historiesJob, { '--run': run, '--settle-minutes': String(minutes) }],
  ];
  for (const [job, Arguments] of jobs) {
    const JobName = requiredOutput(deployed, jobOutput(job));
    await runJob(glue, { job, JobName, Arguments }, stateLine(job));
  }
}

/** The next histories to bring, said on the terminal. */
export async function tellNextRun(runs: RunDeps, again: boolean): Promise<FrozenRun | undefined> {
  const run = await nextRun(runs, again);
  if (run === undefined) return undefined;
  const { people, events, at } = run.manifest;
  console.error(`bringing the histories of ${people} people and accounts: ${events} events, gathered at ${at}`);
  return run;
}

const command = 'npm run segment -- apply';

/** Which definitions wait for their history, in words. */
export function standingLines(standing: HistoryStanding | undefined, outcome?: RunOutcome): string[] {
  if (standing === undefined) return [];
  const { generation, complete, waiting } = standing;
  const keys = [...waiting.segments, ...waiting.traits];
  const lacking = Object.values(outcome?.waiting ?? {}).reduce((sum, count) => sum + count, 0);
  return [
    keys.length === 0
      ? `All definitions have their history (generation ${generation}).`
      : `These lack their history, so they stay undecided where a profile is older: ${keys.join(', ')} (generation ${generation}, brought up to ${complete}). To bring it: deploy, then ${command}`,
    ...(lacking > 0 ? [`At ${outcome?.at}, ${lackText(outcome?.waiting ?? {})}`] : []),
  ];
}

/** How many profiles lack a history and why, in words. */
export function lackText(waiting: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(waiting).map(([reason, count]) => `${count}: ${reason}`);
  return `some profiles lacked a history, and what reads it stays as it is (${reasons.join('; ')}). To gather it again: ${command} --histories`;
}
