import type { SQSRecord } from 'aws-lambda';
import { daysInQueue, secondsHeld } from '../../core/destinations/next-try.ts';
import type { Outcome } from '../../core/destinations/outcome.ts';
import { errorNameOf } from '../../core/values/thrown.ts';
import type { Admitted } from './gate.ts';
import { secondsToNext } from './next.ts';
import { recordTry, type TriesDeps, triesBefore } from './tries.ts';

/** What a message that was not delivered is ended with. */
export interface MessageDeps extends TriesDeps {
  /** Hours for which a delivery is retried. */
  readonly hours?: number | undefined;
  /** Hides a message for some seconds. Then the queue delivers it again. */
  readonly putOff: (receiptHandle: string, seconds: number) => Promise<void>;
  /** Moves a message to the dead letters, whole, with its reason and tries. When it returns, the message is safe. */
  readonly giveUp: (body: string, why: Readonly<Record<string, string>>) => Promise<void>;
  /** At least 0 and below 1. */
  readonly chance: () => number;
}

/** A message that was not delivered: for how long deliveries have failed, and whether it leaves the queue. */
export interface Failure {
  readonly itemIdentifier: string;
  readonly seconds?: number | undefined;
  /** Everything in it is safe among the dead letters or in other messages. */
  readonly kept: boolean;
}

/** Ends a message: done, hidden until its next try, or among the dead letters. */
export async function settle(message: SQSRecord, outcome: Outcome, deps: MessageDeps): Promise<Failure | undefined> {
  if (outcome.kind === 'delivered' || outcome.kind === 'filtered') return undefined;
  const { reason } = outcome;
  const { messageId: queueMessageId, body, receiptHandle, attributes } = message;
  const tries = Number(attributes.ApproximateReceiveCount);
  const tried = { queued: Number(attributes.SentTimestamp), firstTried: firstTriedOf(message), tries };
  const seconds = secondsToNext(outcome, { ...tried, now: deps.now(), hours: deps.hours }, deps.chance());
  deps.warn(seconds === undefined ? 'given up' : 'not delivered', { reason, queueMessageId });
  const act = async (): Promise<boolean> => {
    if (seconds === undefined) await deps.giveUp(body, { reason, tries: String(tries) });
    else {
      await recordTry(message, deps);
      await deps.putOff(receiptHandle, seconds);
    }
    return seconds === undefined;
  };
  return {
    itemIdentifier: queueMessageId,
    seconds: secondsSince(message, deps),
    kept: await safely(act, message, deps),
  };
}

/**
 * Hides a message that may not be delivered now, or makes it a dead letter before its queue drops it. An open breaker
 * is a failure, and a limited rate is none.
 */
export async function hold(message: SQSRecord, { seconds, why }: Admitted, deps: MessageDeps): Promise<Failure> {
  const { body, receiptHandle, attributes } = message;
  const held = secondsHeld(seconds, Number(attributes.ApproximateReceiveCount));
  const isOld = deps.now() - Number(attributes.SentTimestamp) >= daysInQueue * day;
  const act = async (): Promise<boolean> => {
    const reason = why === 'breaker' ? 'the breaker is open' : 'the rate is limited';
    if (isOld) await deps.giveUp(body, { reason, tries: await triesBefore(message, deps) });
    else await deps.putOff(receiptHandle, held + Math.floor(deps.chance() * (held / 4)));
    return isOld;
  };
  const kept = await safely(act, message, deps);
  const failing = why === 'breaker' ? secondsSince(message, deps) : undefined;
  return { itemIdentifier: message.messageId, seconds: failing, kept };
}

const day = 24 * 3_600_000;

const firstTriedOf = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateFirstReceiveTimestamp);

const secondsSince = (message: SQSRecord, { now }: MessageDeps): number =>
  Math.max(0, (now() - firstTriedOf(message)) / 1_000);

/** What cannot be put aside stays in its queue. */
const safely = (act: () => Promise<boolean>, { messageId }: SQSRecord, { warn }: MessageDeps): Promise<boolean> =>
  act().catch((refused: unknown) => {
    warn('not put aside; it comes again when its queue brings it back', {
      reason: errorNameOf(refused),
      queueMessageId: messageId,
    });
    return false;
  });
