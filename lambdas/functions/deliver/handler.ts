import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import type { CdpConfig } from '../../core/config/config.ts';
import { audienceEvent, MembershipChange } from '../../core/destinations/audience-event.ts';
import type { Destination } from '../../core/destinations/destination.ts';
import { type Parcel, readParcel } from '../../core/destinations/forwarding/parcel.ts';
import { type NotDelivered, outcomeOf } from '../../core/destinations/outcome.ts';
import type { Profile, ProfileId } from '../../core/profile/profile.ts';
import { errorNameOf } from '../../core/values/thrown.ts';
import { secondsToNext } from './next.ts';
import { deliverParcel } from './parcel.ts';

/** Everything that deliver works with. */
export interface DeliverDeps {
  readonly config: CdpConfig;
  /** Keys of the segments that the destination subscribes to. */
  readonly segments: ReadonlySet<string>;
  readonly find: (profileId: ProfileId) => Promise<Profile | undefined>;
  readonly destination: Destination;
  /** Hides a message for some seconds. Then the queue delivers it again. */
  readonly putOff: (receiptHandle: string, seconds: number) => Promise<void>;
  /** Moves a message to the dead letters, whole, with its reason and tries. When it returns, the message is safe. */
  readonly giveUp: (body: string, why: Readonly<Record<string, string>>) => Promise<void>;
  /** Puts a new message on the destination's queue, which shows it after some seconds. */
  readonly sendBack: (body: string, seconds: number) => Promise<void>;
  /** Records for how many seconds deliveries have failed: the longest time in a batch. */
  readonly failing: (seconds: number) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** At least 0 and below 1. */
  readonly chance: () => number;
  /** Logs that a message was not delivered, without the person it is about. */
  readonly warn: (message: string, details: Record<string, string>) => void;
}

const BusEvent = z
  .string()
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(z.object({ detail: MembershipChange }));

/**
 * How often one message tells a destination about a person whose membership keeps changing. Then the queue takes the
 * message back.
 */
const maxTellings = 3;

/**
 * Tells a destination about membership changes, each message by itself: a message that fails does not delay others, and
 * is tried again alone. Messages with forwarded events, which have many calls each, follow one after the other.
 */
export const createHandler =
  (deps: DeliverDeps) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const deadline = deps.now() + patience;
    const read = event.Records.map((record) => ({ record, parcel: readParcel(record.body) }));
    const changes = Promise.all(read.map(({ record, parcel }) => (parcel ? undefined : attempt(record, deps))));
    const failures: (Failure | undefined)[] = [];
    for (const { record, parcel } of read)
      if (parcel !== undefined) failures.push(await attemptParcel(record, parcel, deadline, deps));
    const failed = [...(await changes), ...failures].filter((failure) => failure !== undefined);
    if (failed.length > 0) deps.failing(Math.max(...failed.map(({ seconds }) => seconds)));
    return { batchItemFailures: failed.filter(({ kept }) => !kept).map(({ itemIdentifier }) => ({ itemIdentifier })) };
  };

/** A delivery that failed: for how long, and whether the message leaves the queue because everything in it is safe. */
interface Failure {
  readonly itemIdentifier: string;
  readonly seconds: number;
  readonly kept: boolean;
}

/**
 * Delivers one message. A change of a segment that the destination no longer subscribes to is dropped: the
 * configuration of now decides.
 */
async function attempt(record: SQSRecord, deps: DeliverDeps): Promise<Failure | undefined> {
  try {
    const { detail } = BusEvent.parse(record.body);
    if (deps.segments.has(detail.segment)) await deliver(detail, deps);
    return undefined;
  } catch (error) {
    return failureOf(record, error, deps);
  }
}

/** Delivers one message with forwarded events. */
async function attemptParcel(
  record: SQSRecord,
  parcel: Parcel,
  deadline: number,
  deps: DeliverDeps,
): Promise<Failure | undefined> {
  try {
    const { kept, failingSince } = await deliverParcel(record, parcel, deadline, deps);
    if (!kept && failingSince === undefined) return undefined;
    const seconds = Math.max(0, (deps.now() - (failingSince ?? deps.now())) / 1_000);
    return { itemIdentifier: record.messageId, seconds, kept: !kept };
  } catch (error) {
    return failureOf(record, error, deps);
  }
}

async function failureOf(record: SQSRecord, error: unknown, deps: DeliverDeps): Promise<Failure> {
  const kept = await putAside(record, error, deps).catch((refused: unknown) => {
    deps.warn('not put aside; it comes again when its queue brings it back', {
      reason: errorNameOf(refused),
      queueMessageId: record.messageId,
    });
    return false;
  });
  const seconds = (deps.now() - Number(record.attributes.ApproximateFirstReceiveTimestamp)) / 1_000;
  return { itemIdentifier: record.messageId, seconds: Math.max(0, seconds), kept };
}

/** Hides a message until its next try, or moves it to the dead letters. Returns whether it is there. */
async function putAside(
  { messageId, body, receiptHandle, attributes }: SQSRecord,
  error: unknown,
  deps: DeliverDeps,
): Promise<boolean> {
  const outcome = error instanceof Undelivered ? error.outcome : outcomeOf(error);
  const { reason } = outcome;
  const queued = Number(attributes.SentTimestamp);
  const firstTried = Number(attributes.ApproximateFirstReceiveTimestamp);
  const tries = Number(attributes.ApproximateReceiveCount);
  const seconds = secondsToNext(outcome, { queued, firstTried, tries, now: deps.now() }, deps.chance());
  deps.warn(seconds === undefined ? 'given up' : 'not delivered', { reason, queueMessageId: messageId });
  if (seconds === undefined) await deps.giveUp(body, { reason, tries: String(tries) });
  else await deps.putOff(receiptHandle, seconds);
  return seconds === undefined;
}

/**
 * Tells the truth of now, and not of when the change was queued. Membership is read again after the destination has
 * answered, because it may have changed meanwhile: whoever finishes last has told the truth. A change that is out of
 * date is told too. An earlier attempt may have failed after it told the destination something that is no longer true.
 */
async function deliver(
  { profileId, segment }: MembershipChange,
  { config, find, destination, now }: DeliverDeps,
): Promise<void> {
  let profile = await find(profileId);
  for (let tries = 0; profile !== undefined && tries < maxTellings; tries++) {
    const told = profile.segments.has(segment);
    const call = audienceEvent(profile, segment, config.identity, new Date(now()).toISOString());
    const item = { id: call.messageId, call, about: segment };
    const [outcome] = await destination.deliver([item], { deadline: now() + patience });
    if (outcome !== undefined && outcome.kind !== 'delivered' && outcome.kind !== 'filtered')
      throw new Undelivered(outcome);
    profile = await find(profileId);
    if (profile === undefined || profile.segments.has(segment) === told) return;
  }
  if (profile !== undefined) throw new Unsettled();
}

/** Milliseconds for one attempt; the function's timeout is 30 seconds. */
const patience = 20_000;

/** The destination did not take the item. */
class Undelivered extends Error {
  override readonly name = 'Undelivered';
  readonly outcome: NotDelivered;
  constructor(outcome: NotDelivered) {
    super(outcome.reason);
    this.outcome = outcome;
  }
}

/** Membership kept changing while the destination was told. The queue delivers the message again. */
class Unsettled extends Error {
  override readonly name = 'Unsettled';
}
