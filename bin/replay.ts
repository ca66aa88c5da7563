import { eventStreamOfMany } from '../lambdas/adapters/streams/event-stream.ts';
import { kinesisClient } from '../lambdas/adapters/streams/kinesis-client.ts';
import { output } from '../lambdas/core/contract/outputs.ts';
import { noProgress, type Progress } from '../lambdas/operations/lake-walk.ts';
import { progressFile } from '../lambdas/operations/progress-file.ts';
import { patientPolicy, readRequest, replay, restFor, type Sending } from '../lambdas/operations/replay.ts';
import { barriersOf } from './deployment/barriers-place.ts';
import { type DeployedStack, type Deployment, deployedStack, requiredOutput } from './deployment/deployed-stack.ts';
import { zoneOf } from './deployment/lake-zone.ts';
import { Misused, noneOf, runCommand } from './terminal/command.ts';
import { tellHowToGoOn } from './terminal/resume-hint.ts';
import { stopRequest } from './terminal/stop-request.ts';
import { walkProgress } from './terminal/walk-progress.ts';

const usage = `npm run replay -- --from <time> --to <time> [--where <field>=<value>]… [--quarantine] [--dry-run] [--restart] [--late 2] [--rate 500] [--stack Cdp] [--local]

Sends events of the lake's raw zone through the event stream again. Events of any age are applied only once.
  --from        received at this time or later: ISO 8601, or a date
  --to          received before this time, at least 15 minutes ago, because the raw zone may lack newer events
  --where       only events with this value, e.g. type=identify, userId=ann, context.app.version=2.1; if repeated, all must match
  --quarantine  sends quarantined events instead
  --dry-run     only counts the events
  --restart     starts again instead of continuing
  --late        hours after --to in which to look for events that arrived late
  --rate        maximum of events a second, so that the stream has room for new events
  --stack       name of the deployed stack
  --local       the platform that npm start runs, instead of the AWS account of your credentials

Ctrl-C stops it, and the same command continues.`;

const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  where: { type: 'string', multiple: true },
  quarantine: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  restart: { type: 'boolean', default: false },
  late: { type: 'string', default: '2' },
  rate: { type: 'string', default: '500' },
} as const;

interface Wish extends Deployment {
  readonly from?: string;
  readonly to?: string;
  readonly where?: readonly string[];
  readonly quarantine: boolean;
  readonly 'dry-run': boolean;
  readonly restart: boolean;
  readonly late: string;
  readonly rate: string;
}

const anHour = 3_600_000;
/** An event is in the raw zone one or two minutes after its receipt; an alarm rings when it takes longer than this. */
const settling = 900_000;
const countOnly: Sending = { send: async () => ({ ok: true }), rest: async () => {} };

await runCommand(usage, options, async ({ values, positionals }) => {
  noneOf(positionals);
  if (values.from === undefined || values.to === undefined)
    throw new Misused('give the time of the events: --from and --to');
  if (!/^\d{1,3}$/.test(values.late)) throw new Misused(`--late is "${values.late}", and must be hours from 0 to 999`);
  if (!/^[1-9]\d{0,6}$/.test(values.rate))
    throw new Misused(`--rate is "${values.rate}", and must be events a second from 1 on`);
  return answer(values);
});

async function answer({ 'dry-run': dry, restart, late, rate, stack, local, ...asked }: Wish): Promise<string> {
  const request = readRequest(asked);
  if (Date.parse(request.to) > Date.now() - (local ? 0 : settling))
    throw new Error(
      `--to must be ${local ? 'past' : '15 minutes ago or earlier'}, because the raw zone may lack newer events; it is ${asked.to}`,
    );
  const deployed = await deployedStack({ stack, local });
  // The file is found by these names, so what an earlier version began can go on.
  const { zone: whence, ...span } = request;
  const file = progressFile('replay', { deployment: deployed.id, late, ...span, whence });
  const begun = (dry || restart ? undefined : await file.load()) ?? noProgress;
  if (begun.done) return `already sent: ${tell(begun)} (${file.path}; --restart sends them again)`;
  const isStopped = stopRequest();
  const zone = zoneOf(whence, deployed, { local });
  const keys = await zone.list(Date.parse(request.from) - anHour, Date.parse(request.to) + Number(late) * anHour);
  if (keys.length === 0) return `nothing ${dry ? 'to send' : 'sent'}: these hours have no objects`;
  console.error(
    `${keys.length} objects, ${keys[0]} to ${keys.at(-1)}${begun === noProgress ? '' : `; continuing after ${tell(begun)}`}`,
  );
  const line = walkProgress(keys.length, ({ counts }) => `${counts.sent ?? 0} lines ${dry ? 'to send' : 'sent'}`);
  const save = async (progress: Progress): Promise<void> => {
    if (!dry) await file.save(progress);
    line.show(progress);
  };
  const replaying = replay(request, { keys, read: zone.read, save, isStopped }, begun, {
    ...(dry ? countOnly : sending(deployed, Number(rate))),
    barriers: barriersOf(deployed, { local }),
  });
  const end = await replaying.catch(tellHowToGoOn(file.path)).finally(line.end);
  return `${dry ? 'would send' : 'sent'} ${tell(end)}`;
}

function sending(deployed: DeployedStack, rate: number): Sending {
  const stream = requiredOutput(deployed, output.eventStream);
  return { send: eventStreamOfMany(kinesisClient(deployed.where), stream, patientPolicy), rest: restFor(rate) };
}

/** E.g. `12 lines of 3 objects; left out 1 repeated, 5 not wanted`. */
function tell({
  objects,
  counts: { sent = 0, repeated = 0, others = 0, suppressed = 0, unreadable = 0 },
}: Progress): string {
  const left = [
    `${repeated} repeated`,
    `${others} not wanted`,
    `${suppressed} of people who are erased or suppressed`,
    `${unreadable} that are not complete events`,
  ].filter((text) => !text.startsWith('0 '));
  return `${sent} ${sent === 1 ? 'line' : 'lines'} of ${objects} ${objects === 1 ? 'object' : 'objects'}${left.length > 0 ? `; left out ${left.join(', ')}` : ''}`;
}
