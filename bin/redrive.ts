import type { Redriven, RedrivePlace, Waiting } from '../lambdas/adapters/redrive-place.ts';
import { pascalCase } from '../lambdas/core/contract.ts';
import { asTable } from './answer-format.ts';
import { Misused, runCommand } from './command.ts';
import type { Deployment } from './deployed-stack.ts';
import { redrivePlaces } from './redrive-places.ts';
import { span } from './status-report.ts';
import { stopRequest } from './stop-request.ts';

const usage = `npm run redrive [-- <what>… | --all] [--json] [--stack Cdp] [--local]

Lists what was given up and waits to be sent again, since when and why: batches of stitch and of publish, the bus's dead letters, and those of each destination.
  <what>   sends it again: stitch, publish, bus, or the id of a destination; may be repeated
  --all    sends everything again
  --json   the same as JSON
  --stack  name of the deployed stack
  --local  the platform that npm start runs, instead of the AWS account of your credentials

Each is removed only after it was taken, so Ctrl-C or a crash loses nothing: the same command goes on where it stopped. Ends with 1 when something stays that cannot be sent.`;

const options = { all: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } as const;

await runCommand(usage, options, async ({ values: { all, json, ...deployment }, positionals }) => {
  if (all && positionals.length > 0) throw new Misused(`say what to send, or --all, not both; it was given ${positionals.join(' ')}`);
  return all || positionals.length > 0 ? send(positionals, deployment, json) : look(deployment, json);
});

async function look(deployment: Deployment, json: boolean): Promise<string> {
  const waiting = await Promise.all([...(await redrivePlaces(deployment)).values()].map((place) => place.look()));
  const some = waiting.filter(({ count }) => count > 0);
  if (json) return JSON.stringify(waiting, null, 2);
  if (some.length === 0) return 'Nothing waits to be sent again.';
  const columns = ['what', 'waiting', 'oldest', 'why'].map((name) => ({ name, type: 'varchar' }));
  return asTable({ columns, rows: some.map(row) });
}

const row = ({ what, count, since, reasons }: Waiting): string[] => [
  what,
  String(count),
  since === undefined ? '' : `${span(Date.now() - since)} ago`,
  reasons.map(([reason, times]) => `${times} ${reason}`).join('; '),
];

async function send(asked: readonly string[], deployment: Deployment, json: boolean): Promise<string> {
  const wanted = choose(asked, await redrivePlaces(deployment));
  const isStopped = stopRequest();
  const ended: Redriven[] = [];
  for (const [what, place] of wanted) {
    if (isStopped()) break;
    ended.push(await place.send({ tell: (sent) => console.error(`${what}: ${sent} sent`), isStopped }));
  }
  if (ended.some(({ left }) => left.length > 0)) process.exitCode = 1;
  if (json) return JSON.stringify(ended, null, 2);
  return [...ended.flatMap(told), ...(isStopped() ? ['Stopped; the same command goes on where it stopped.'] : [])].join('\n');
}

/** The places that were asked for, or all. @throws Misused naming what there is */
function choose(asked: readonly string[], places: ReadonlyMap<string, RedrivePlace>): [string, RedrivePlace][] {
  if (asked.length === 0) return [...places];
  return asked.map((what) => {
    const name = [what, `destination ${pascalCase(what)}`, `destination ${what}`].find((one) => places.has(one));
    const place = places.get(name ?? '');
    if (name === undefined || place === undefined)
      throw new Misused(`there is no "${what}" to send again; there are ${[...places.keys()].join(', ')}`);
    return [name, place];
  });
}

function told({ what, sent, left }: Redriven): string[] {
  return [`${what}: sent ${sent}`, ...left.map(({ name, why }) => `${what}: ${name} stays: ${why}`)];
}
