import { setTimeout as sleep } from 'node:timers/promises';
import type { PutOutcome, RetryPolicy } from '../adapters/streams/retry-failed-entries.ts';
import { platformSource } from '../core/contract/signals.ts';
import type { Event } from '../core/events/event.ts';
import type { EventBarriers } from '../core/privacy/event-barriers.ts';
import { markOf } from '../core/profile/message-key.ts';
import { isWanted } from '../core/replay/candidate.ts';
import { MessageMemory } from '../core/replay/message-memory.ts';
import { replayRecords, type SourcedRecord } from '../core/replay/records.ts';
import { type ReplayArguments, type ReplayRequest, readReplayRequest } from '../core/replay/request.ts';
import { type Progress, type WalkOptions, walkLake } from './lake-walk.ts';

/** The event stream did not accept records after all attempts. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}

/** How a replay writes to the stream, and its pauses. */
export interface Sending {
  readonly send: (records: readonly SourcedRecord[]) => Promise<PutOutcome>;
  readonly rest: (events: number) => Promise<unknown>;
}

/** What a replay needs: how it writes, and what judges events by the barriers of now. */
export interface ReplayDeps extends Sending {
  readonly barriers: EventBarriers;
}

/** Pauses so that at most the given number of events a second is sent, which leaves room for clients. */
export const restFor =
  (eventsPerSecond: number, pause: (milliseconds: number) => Promise<unknown> = sleep): Sending['rest'] =>
  (events) =>
    pause((events / eventsPerSecond) * 1000);

/** Nobody waits for the result, so a replay waits about four minutes in total for a full stream. */
export const patientPolicy: RetryPolicy = {
  attempts: 30,
  baseMilliseconds: 200,
  capMilliseconds: 15_000,
  random: Math.random,
  sleep,
};

/**
 * Sends the requested events again, each message once, in order of receipt within an object. It skips events of the
 * platform's own jobs, which corrected an earlier state. Counts `sent`, `repeated` (messages seen within the last
 * million), `others` (not requested), `suppressed` (of people who are kept out) and `unreadable` lines.
 * @throws NotSent, Stopped
 */
export function replay(
  request: ReplayRequest,
  walk: WalkOptions,
  begun: Progress,
  { send, rest, barriers }: ReplayDeps,
): Promise<Progress> {
  const memory = new MessageMemory();
  return walkLake({ ...walk, zone: request.zone, atOnce: 250 }, begun, async (events) => {
    const marked = events.map((each) => ({ ...each, isFirst: isFirst(each.event, memory) }));
    const wanted = marked.filter(({ event }) => event.sourceId !== platformSource && isWanted(event, request));
    const stops = await barriers();
    const firsts = wanted.filter((each) => each.isFirst);
    const sent = firsts.filter(({ event }) => stops(event) === undefined);
    const outcome = await send(replayRecords(sent, request.zone));
    if (!outcome.ok) throw new NotSent(`the event stream does not accept events: ${outcome.error}`);
    await rest(sent.length);
    return {
      sent: sent.length,
      repeated: wanted.length - firsts.length,
      suppressed: firsts.length - sent.length,
      others: events.length - wanted.length,
    };
  });
}

/** An event without a mark is sent: stitching quarantines it with the reason, and other events are unaffected. */
function isFirst(event: Event, memory: MessageMemory): boolean {
  try {
    return memory.isFirst(markOf(event));
  } catch {
    return true;
  }
}

/**
 * Reads an operator's options.
 * @throws Error that tells what is wrong
 */
export const readRequest = (asked: ReplayArguments): ReplayRequest => readReplayRequest(asked);
