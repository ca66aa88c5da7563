import { attemptEnds } from '../lambdas/core/attempts/attempt.ts';
import { pascalCase } from '../lambdas/core/contract/outputs.ts';
import { isEnd } from './deliveries/groups.ts';
import { attemptsIn } from './deliveries/lake.ts';
import { waitingOf } from './deliveries/queues.ts';
import { deliveriesReport } from './deliveries/report.ts';
import { beginning } from './deliveries/since.ts';
import { summarize } from './deliveries/summary.ts';
import { deployedDestination, deployedStack } from './deployment/deployed-stack.ts';
import { zoneOf } from './deployment/lake-zone.ts';
import { queryPlace } from './deployment/query-place.ts';
import { Misused, noneOf, runCommand } from './terminal/command.ts';
import { stateLine } from './terminal/state-line.ts';

const usage = `npm run deliveries [-- --since 24h] [--destination <id>] [--outcome <outcome>] [--segment <key>] [--json] [--stack Cdp] [--local]

Shows what became of deliveries: attempts by destination and outcome, the most frequent reasons, how long tools took, and what waits now.
  --since        how far back, e.g. 90m, 24h or 7d, or a time such as 2026-05-01T10:00:00Z; 24h by default, and at most 90 days
  --destination  only attempts of this destination
  --outcome      only attempts that ended so: ${attemptEnds.join(', ')}
  --segment      only attempts about this segment or computed trait, or events of this name
  --json         the same as JSON
  --stack        name of the deployed stack
  --local        the platform that npm start runs, instead of the AWS account of your credentials

It reads the table deliveries, and for newer attempts what Firehose wrote since. Each row of the table is one attempt; npm run query reads it, too.`;

const options = {
  since: { type: 'string', default: '24h' },
  destination: { type: 'string' },
  outcome: { type: 'string' },
  segment: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

await runCommand(usage, options, async ({ values, positionals }) => {
  noneOf(positionals);
  const { since, destination, outcome, segment: about, json, ...deployment } = values;
  if (outcome !== undefined && !isEnd(outcome))
    throw new Misused(`--outcome is "${outcome}", and must be one of ${attemptEnds.join(', ')}`);
  const wanted = { since: beginning(since, Date.now()), destination, outcome, about };
  if (destination !== undefined) await deployedDestination(deployment, destination);
  const deployed = await deployedStack(deployment);
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  const unread: string[] = [];
  const zone = zoneOf('attempts', deployed, deployment);
  const [found, waiting] = await Promise.all([
    attemptsIn(await queryPlace(deployment), zone, wanted, { state: stateLine('query'), signal: stopped.signal }),
    waitingOf(deployed.where, deployment.stack, (name) => unread.push(name)),
  ]);
  if (unread.length > 0) {
    console.error(`the queues of ${unread.join(', ')} could not be read`);
    process.exitCode = 1;
  }
  const asked =
    destination === undefined ? waiting : waiting.filter((each) => each.destination === pascalCase(destination));
  const summaries = summarize(found.groups, asked);
  const { until, unread: objects } = found;
  if (!json) return deliveriesReport(summaries, { since: wanted.since, until, unread: objects });
  const instant = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  const told = { since: instant(wanted.since), tableUntil: instant(until), unreadObjects: objects };
  return JSON.stringify({ ...told, destinations: summaries }, null, 2);
});
