import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import type { CdpConfig } from '../../core/config/config.ts';
import { type AudienceEvent, audienceEvent, MembershipChange } from '../../core/destinations/audience-event.ts';
import { nextTry } from '../../core/destinations/next-try.ts';
import type { Profile, ProfileId } from '../../core/profile/profile.ts';
import { errorNameOf } from '../../core/values/thrown.ts';

export interface DeliverDeps {
  readonly config: CdpConfig;
  /** Keys of those that the destination is told of. */
  readonly segments: ReadonlySet<string>;
  readonly find: (profileId: ProfileId) => Promise<Profile | undefined>;
  /** Tells the destination. @throws when it did not take the event. */
  readonly send: (event: AudienceEvent) => Promise<void>;
  /** Hides a message for so many seconds, after which it comes again. */
  readonly putOff: (receiptHandle: string, seconds: number) => Promise<void>;
  /** Keeps a message among the dead letters, whole, with its reason and tries; once it is done the message is safe. */
  readonly giveUp: (body: string, why: Readonly<Record<string, string>>) => Promise<void>;
  /** Tells for how many seconds a delivery has failed, that of a batch which has for longest. */
  readonly failing: (seconds: number) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly chance: () => number;
  /** Says that a message was not delivered, without saying whom it was about. */
  readonly warn: (message: string, details: Record<string, string>) => void;
}

const BusEvent = z
  .string()
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(z.object({ detail: MembershipChange }));

/** Times that one message tells a destination about a person whose membership keeps changing, before the queue takes it back. */
const maxTellings = 3;

/** Tells a destination about membership changes: each message alone, so that one that fails holds up no other and is tried again by itself. */
export const createHandler =
  (deps: DeliverDeps) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const failed = (await Promise.all(event.Records.map((record) => attempt(record, deps)))).filter(
      (failure) => failure !== undefined,
    );
    if (failed.length > 0) deps.failing(Math.max(...failed.map(({ seconds }) => seconds)));
    return { batchItemFailures: failed.filter(({ kept }) => !kept).map(({ itemIdentifier }) => ({ itemIdentifier })) };
  };

/** A delivery that was not made: for how long it has failed, and whether it is kept among the dead letters. */
interface Failure {
  readonly itemIdentifier: string;
  readonly seconds: number;
  readonly kept: boolean;
}

/** A change of a segment that the destination is not told of (any more) is done with: the configuration of now decides, too. */
async function attempt(record: SQSRecord, deps: DeliverDeps): Promise<Failure | undefined> {
  try {
    const { detail } = BusEvent.parse(record.body);
    if (deps.segments.has(detail.segment)) await deliver(detail, deps);
    return undefined;
  } catch (error) {
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
}

/** What a failed delivery can tell: the status that a receiver answered, and when it wants the next try. */
const Told = z.object({ status: z.number().optional(), retryAfter: z.string().optional() }).catch({});

/** Says when a message comes again, or keeps it among the dead letters; says whether it is there, and so done with. */
async function putAside(
  { messageId, body, receiptHandle, attributes }: SQSRecord,
  error: unknown,
  deps: DeliverDeps,
): Promise<boolean> {
  const { status, retryAfter } = Told.parse(error);
  const reason = [errorNameOf(error), ...(status === undefined ? [] : [status])].join(' ');
  const [queued, firstTried] = [Number(attributes.SentTimestamp), Number(attributes.ApproximateFirstReceiveTimestamp)];
  const tries = Number(attributes.ApproximateReceiveCount);
  const seconds = nextTry({ queued, firstTried, tries, now: deps.now(), retryAfter }, deps.chance());
  deps.warn(seconds === undefined ? 'given up' : 'not delivered', { reason, queueMessageId: messageId });
  if (seconds === undefined) await deps.giveUp(body, { reason, tries: String(tries) });
  else await deps.putOff(receiptHandle, seconds);
  return seconds === undefined;
}

/**
 * Says what is true now, not what was when the change was queued. Membership is read again once the destination has
 * answered, for it may have changed while it was told; whoever finishes last has told the truth. A stale change is not
 * skipped: an earlier attempt at it may have died after it had told what is no longer so.
 */
async function deliver(
  { profileId, segment }: MembershipChange,
  { config, find, send, now }: DeliverDeps,
): Promise<void> {
  let profile = await find(profileId);
  for (let tries = 0; profile !== undefined && tries < maxTellings; tries++) {
    const told = profile.segments.has(segment);
    await send(audienceEvent(profile, segment, config.identity, new Date(now()).toISOString()));
    profile = await find(profileId);
    if (profile === undefined || profile.segments.has(segment) === told) return;
  }
  if (profile !== undefined) throw new Unsettled();
}

/** Membership kept changing while the destination was told; the queue brings the message back. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
}
