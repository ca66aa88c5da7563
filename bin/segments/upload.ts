import { config } from '../../cdp.config.ts';
import { eventStreamOfMany } from '../../lambdas/adapters/streams/event-stream.ts';
import { kinesisClient } from '../../lambdas/adapters/streams/kinesis-client.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { patientPolicy, restFor, type Sending } from '../../lambdas/operations/replay.ts';
import { type BadRow, type Uploaded, uploadList } from '../../lambdas/operations/upload-list.ts';
import { type Deployment, deployedStack, requiredOutput } from '../deployment/deployed-stack.ts';
import { Misused } from '../terminal/command.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { openFile, rowsIn } from './list-file.ts';

/** What `upload` is asked for. */
export interface UploadWish extends Deployment {
  readonly source?: string;
  readonly replaces?: string;
  readonly rate: string;
  readonly 'dry-run': boolean;
}

const shownFaults = 20;

/** Puts the people of a file on a list. @throws Misused when the list or the source is none */
export async function uploaded([list, file, ...more]: readonly string[], wish: UploadWish): Promise<string> {
  if (list === undefined || file === undefined || more.length > 0)
    throw new Misused('give the name of the list and a file, e.g. spring_event invited.csv');
  const sourceId = sourceOf(wish.source);
  const line = progressLine();
  const bad: BadRow[] = [];
  const done = await uploadList({
    list,
    sourceId,
    at: Date.now(),
    members: rowsIn(await openFile(file)),
    earlier: wish.replaces === undefined ? undefined : rowsIn(await openFile(wish.replaces)),
    ...(await sending(wish)),
    refuse: (row) => void (bad.length < shownFaults && bad.push(row)),
    tell: (so) => line.show(`segment: ${told(so)}`),
  }).finally(line.erase);
  if (done.bad > 0) process.exitCode = 1;
  const faults = bad.map(({ line: at, reason }) => `  line ${at}: ${reason}`);
  const rest = done.bad > bad.length ? [`  and ${done.bad - bad.length} more`] : [];
  const kept = done.bad > 0 && wish.replaces !== undefined ? [nobodyLeaves] : [];
  const begin = wish['dry-run'] ? 'Nothing is sent. It would be' : 'Sent to';
  return [`${begin} the list ${list}: ${told(done)}.`, ...faults, ...rest, ...kept].join('\n');
}

const nobodyLeaves = 'Nobody is taken off the list while lines name nobody. Mend them, and upload the file again.';

const told = ({ added, removed, bad }: Uploaded): string =>
  `${added} people added, ${removed} removed, ${bad} lines that name nobody`;

function sourceOf(wanted: string | undefined): string {
  const sources = config.sources.filter(({ kind }) => kind !== 'browser').map(({ id }) => id);
  const found = wanted === undefined ? sources[0] : sources.find((id) => id === wanted);
  if (found !== undefined) return found;
  throw new Misused(
    `--source must be a server or batch source of cdp.config.ts: ${sources.join(', ') || 'there is none'}`,
  );
}

async function sending(wish: UploadWish): Promise<Sending> {
  if (wish['dry-run']) return { send: async () => ({ ok: true }), rest: async () => {} };
  if (!/^[1-9]\d{0,6}$/.test(wish.rate))
    throw new Misused(`--rate must be events a second from 1 on; got "${wish.rate}"`);
  const deployed = await deployedStack(wish);
  const stream = requiredOutput(deployed, output.eventStream);
  return {
    send: eventStreamOfMany(kinesisClient(deployed.where), stream, patientPolicy),
    rest: restFor(Number(wish.rate)),
  };
}
