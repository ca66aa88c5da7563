import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { GateState } from '../../adapters/dynamodb/delivery-gate.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import { purposesOf } from '../../core/consent/purpose.ts';
import { type Parcel, readParcel } from '../../core/destinations/forwarding/parcel.ts';
import { type Outcome, outcomeOf } from '../../core/destinations/outcome.ts';
import { errorNameOf } from '../../core/values/thrown.ts';
import { admit, type GateDeps, type Recorded, record } from './gate.ts';
import { type AttemptDeps, type Journal, journalOf } from './journal.ts';
import type { Failure } from './messages.ts';
import { type NewsDeps, outcomesOf } from './news.ts';
import { failWhole, holdBack, type Read, settleAndNote } from './noted-ends.ts';
import { deliverParcel, type ParcelDeps } from './parcel.ts';
import { type TrialDeps, withTrials } from './trial.ts';
import { counted } from './tries.ts';

/** Everything that deliver works with. */
export interface DeliverDeps
  extends Omit<NewsDeps, 'identity' | 'purposes'>,
    GateDeps,
    Omit<ParcelDeps, 'journal' | 'purposes'> {
  readonly config: CdpConfig;
  /** Keys of the purposes that the destination uses data for. */
  readonly uses?: readonly string[] | undefined;
  /** Records for how many seconds deliveries have failed: the longest time in a batch. */
  readonly failing: (seconds: number) => void;
  /** What attempts are recorded with. */
  readonly attempts: AttemptDeps;
}

/** What one invocation delivers with. */
type Going = DeliverDeps & Pick<NewsDeps, 'purposes'> & { readonly journal: Journal };

/** Milliseconds for one attempt; the function's timeout is 30 seconds. */
const patience = 20_000;

/**
 * Delivers messages, each by itself: a message that fails does not delay others, and is tried again alone. Of messages
 * that the destination's breaker or rate holds back, nothing is read. Messages with forwarded events, which have many
 * calls each, follow one after the other.
 */
export const createHandler = (deps: DeliverDeps & TrialDeps) =>
  withTrials(async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const deadline = deps.now() + patience;
    const read = Records.map((message) => ({ message, parcel: readParcel(message.body) }));
    const weights = read.map(({ parcel }) => parcel?.events.length ?? 1);
    const admitted = await admit(weights, deps);
    const seen: Outcome[] = [];
    const journal = journalOf(deps);
    const note = (outcome: Outcome): void => void seen.push(outcome);
    const destination = journal.watching(deps.destination, note);
    const purposes = purposesOf(deps.uses ?? [], deps.config.purposes);
    const watching = { ...deps, purposes, destination, journal };
    const going = await countedIn(read.slice(0, admitted.count), deps);
    const ended = await Promise.all([
      deliverMessages(
        going.flatMap(({ message, parcel }) => (parcel ? [] : [message])),
        deadline,
        watching,
      ),
      deliverParcels(going, deadline, watching),
      Promise.all(read.slice(admitted.count).map((each) => holdBack(each, admitted, watching))),
    ]);
    await Promise.all([judge(seen, admitted.state, deps), journal.end()]);
    const failed = ended.flat().filter((failure) => failure !== undefined);
    const seconds = failed.flatMap((failure) => failure.seconds ?? []);
    if (seconds.length > 0) deps.failing(Math.max(...seconds));
    return { batchItemFailures: failed.filter(({ kept }) => !kept).map(({ itemIdentifier }) => ({ itemIdentifier })) };
  }, deps);

async function countedIn(read: readonly Read[], deps: DeliverDeps): Promise<readonly Read[]> {
  const messages = await counted(
    read.map(({ message }) => message),
    deps,
  );
  return read.map((each, n) => ({ ...each, message: messages[n] ?? each.message }));
}

/** What was delivered is delivered, also if nobody can record how the destination answered. */
async function judge(seen: readonly Outcome[], known: GateState, deps: DeliverDeps): Promise<void> {
  const { opened, rate } = await record(seen, known, deps).catch((error: unknown): Recorded => {
    deps.warn('how the destination answers is not recorded', { reason: errorNameOf(error) });
    return { opened: false };
  });
  if (rate !== undefined) deps.attempts.failureRate(rate);
  if (opened) deps.warn('the breaker opened', { failures: [...new Set(seen.flatMap(reasonIn))].join(', ') });
}

const reasonIn = (outcome: Outcome): string[] => ('reason' in outcome ? [outcome.reason] : []);

type Ended = readonly (Failure | undefined)[];

async function deliverMessages(messages: readonly SQSRecord[], deadline: number, deps: Going): Promise<Ended> {
  const outcomes = await outcomesOf(messages, deadline, { ...deps, identity: deps.config.identity });
  return Promise.all([...outcomes].map(([message, outcome]) => settleAndNote(message, outcome, deps)));
}

async function deliverParcels(read: readonly Read[], deadline: number, deps: Going): Promise<Ended> {
  const ended: (Failure | undefined)[] = [];
  for (const { message, parcel } of read)
    if (parcel !== undefined) ended.push(await attemptParcel(message, parcel, deadline, deps));
  return ended;
}

async function attemptParcel(
  message: SQSRecord,
  parcel: Parcel,
  deadline: number,
  deps: Going,
): Promise<Failure | undefined> {
  try {
    const { kept, failingSince } = await deliverParcel(message, parcel, deadline, deps);
    if (!kept && failingSince === undefined) return undefined;
    const seconds = failingSince === undefined ? undefined : Math.max(0, (deps.now() - failingSince) / 1_000);
    return { itemIdentifier: message.messageId, seconds, kept: !kept };
  } catch (error) {
    return failWhole({ message, parcel }, outcomeOf(error), deps);
  }
}
