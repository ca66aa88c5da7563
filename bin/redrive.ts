import { pascalCase } from '../lambdas/core/contract/outputs.ts';
import type { Entry, Redriven, RedrivePlace, Waiting } from '../lambdas/core/operations/redrive-place.ts';
import { namedMessageOf } from '../lambdas/core/values/thrown.ts';
import { asTable } from './athena/result-table.ts';
import type { Deployment } from './deployment/deployed-stack.ts';
import { redrivePlaces } from './deployment/redrive-places.ts';
import { span } from './status/report.ts';
import { Misused, onlyOne, runCommand } from './terminal/command.ts';
import { stopRequest } from './terminal/stop-request.ts';

const usage = `npm run redrive [-- <what>… | --all] [--reason <text>] [--holding <text>] [--dry-run] [--from <queue URL>] [--json] [--stack Cdp] [--local]

Lists what failed for good and can be sent again, with its age and reason: batches of stitch, forward and publish, and dead letters of imports, of the bus and of each destination.
  <what>   sends it again: stitch (also what forward gave up), publish, imports, bus, or the id of a destination; may be repeated
  --all    sends everything again
  --reason   sends only what was given up for a reason that contains this text, e.g. 503
  --holding  sends only what holds this text, e.g. a segment's key or a profile's id
  --dry-run  counts what would be sent, and sends nothing
  --from   sends the letters of this queue instead of the destination's own, e.g. one that a deleted stack left
  --json   the same as JSON
  --stack  name of the deployed stack
  --local  the platform that npm start runs, instead of the AWS account of your credentials

It removes each only after the receiver took it, so Ctrl-C or a crash loses nothing, and the same command continues. It exits with 1 if something cannot be sent.`;

const options = {
  all: { type: 'boolean', default: false },
  from: { type: 'string' },
  reason: { type: 'string', default: '' },
  holding: { type: 'string', default: '' },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

await runCommand(usage, options, async ({ values, positionals }) => {
  const { all, from, json, reason, holding, 'dry-run': isRehearsal, ...deployment } = values;
  if (all && positionals.length > 0) throw new Misused(`give names or --all, not both; got ${positionals.join(' ')}`);
  if (from !== undefined)
    onlyOne(positionals, 'whose letters lie in that queue: imports, bus, or the id of a destination');
  if (!all && positionals.length === 0) {
    if (reason !== '' || holding !== '' || isRehearsal)
      throw new Misused('--reason, --holding and --dry-run need the names of what to send, or --all');
    return look(deployment, json);
  }
  const isWanted = (entry: Entry) => entry.reason.includes(reason) && entry.text.includes(holding);
  return send(positionals, deployment, { json, from, isWanted, isRehearsal });
});

async function look(deployment: Deployment, json: boolean): Promise<string> {
  const places = [...(await redrivePlaces(deployment))];
  const waiting = await Promise.all(
    places.map(([what, place]) => place.look().catch((error: unknown) => unseen(what, error))),
  );
  const some = waiting.filter(({ count, reasons }) => count > 0 || reasons.length > 0);
  if (json) return JSON.stringify(waiting, null, 2);
  if (some.length === 0) return 'Nothing waits to be sent again.';
  const columns = ['what', 'waiting', 'oldest', 'why'].map((name) => ({ name, type: 'varchar' }));
  return asTable({ columns, rows: some.map(row) });
}

/** A place that cannot be read, e.g. because a permission is missing, hides no other. */
function unseen(what: string, error: unknown): Waiting {
  process.exitCode = 1;
  return { what, count: 0, reasons: [[`cannot be read: ${namedMessageOf(error)}`, 1]] };
}

function row({ what, count, since, reasons }: Waiting): string[] {
  return [
    what,
    String(count),
    since === undefined ? '' : `${span(Date.now() - since)} ago`,
    reasons.map(([reason, times]) => `${times} ${reason}`).join('; '),
  ];
}

interface Sent {
  readonly json: boolean;
  readonly from: string | undefined;
  readonly isWanted: (entry: Entry) => boolean;
  readonly isRehearsal: boolean;
}

async function send(
  asked: readonly string[],
  deployment: Deployment,
  { json, from, isWanted, isRehearsal }: Sent,
): Promise<string> {
  const wanted = choose(asked, await redrivePlaces(deployment, from));
  const isStopped = stopRequest();
  const ended: Redriven[] = [];
  for (const [what, place] of wanted) {
    if (isStopped()) break;
    const tell = (sent: number) => console.error(`${what}: ${sent} ${isRehearsal ? 'found' : 'sent'}`);
    const sending = place.send({ tell, isStopped, isWanted, isRehearsal });
    ended.push(
      await sending.catch((error: unknown) => ({
        what,
        sent: 0,
        left: [{ name: 'the rest', why: namedMessageOf(error) }],
      })),
    );
  }
  if (ended.some(({ left }) => left.length > 0)) process.exitCode = 1;
  if (json) return JSON.stringify(ended, null, 2);
  return [
    ...ended.flatMap((one) => told(one, isRehearsal)),
    ...(isStopped() ? ['Stopped. The same command continues.'] : []),
  ].join('\n');
}

/**
 * The chosen places, or all.
 * @throws Misused that names the known places
 */
function choose(asked: readonly string[], places: ReadonlyMap<string, RedrivePlace>): [string, RedrivePlace][] {
  if (asked.length === 0) return [...places];
  return asked.map((what) => {
    const name = [what, `destination ${pascalCase(what)}`, `destination ${what}`].find((one) => places.has(one));
    const place = places.get(name ?? '');
    if (name === undefined || place === undefined)
      throw new Misused(`nothing is named "${what}"; known: ${[...places.keys()].join(', ')}`);
    return [name, place];
  });
}

function told({ what, sent, others = 0, left }: Redriven, isRehearsal: boolean): string[] {
  const rest = others > 0 ? `, and left ${others} that you did not ask for` : '';
  return [
    isRehearsal ? `${what}: would send ${sent}${rest}` : `${what}: sent ${sent}${rest}`,
    ...left.map(({ name, why }) => `${what}: ${name} stays: ${why}`),
  ];
}
