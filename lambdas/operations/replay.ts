import { setTimeout as sleep } from 'node:timers/promises';
import type { PutOutcome, RetryPolicy } from '../adapters/streams/retry-failed-entries.ts';
import { platformSource } from '../core/contract/signals.ts';
import type { Event } from '../core/events/event.ts';
import { markOf } from '../core/profile/message-key.ts';
import { isWanted } from '../core/replay/candidate.ts';
import { MessageMemory } from '../core/replay/message-memory.ts';
import { replayRecords, type SourcedRecord } from '../core/replay/records.ts';
import { type Asked, type ReplayRequest, readReplayRequest } from '../core/replay/request.ts';
import { type Progress, type Way, walkLake } from './lake-walk.ts';

/** The event stream did not take records, however often they were offered. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}

/** How a replay puts events on the stream, and how long it rests after so many. */
export interface Sending {
  readonly send: (records: readonly SourcedRecord[]) => Promise<PutOutcome>;
  readonly rest: (events: number) => Promise<unknown>;
}

/** Leaves room on the stream for those who send now: rests so long that no more than so many events a second go out. */
export const restFor =
  (eventsPerSecond: number, pause: (milliseconds: number) => Promise<unknown> = sleep): Sending['rest'] =>
  (events) =>
    pause((events / eventsPerSecond) * 1000);

/** Nobody waits at the other end, so a stream that is full is waited for: about four minutes in all. */
export const patientPolicy: RetryPolicy = {
  attempts: 30,
  baseMilliseconds: 200,
  capMilliseconds: 15_000,
  random: Math.random,
  sleep,
};

/**
 * Sends the events that are asked for again, each message once, in order of receipt within an object; but none of the platform's own, which
 * corrected what was then. Counts those `sent`, `repeated`
 * (messages that came before, within the last million), `others` (not asked for) and lines that are no event (`unreadable`). @throws NotSent, Stopped
 */
export function replay(request: ReplayRequest, walk: Way, begun: Progress, { send, rest }: Sending): Promise<Progress> {
  const memory = new MessageMemory();
  return walkLake({ ...walk, whence: request.whence, atOnce: 250 }, begun, async (events) => {
    const marked = events.map((each) => ({ ...each, isFirst: isFirst(each.event, memory) }));
    const wanted = marked.filter(({ event }) => event.sourceId !== platformSource && isWanted(event, request));
    const sent = wanted.filter((each) => each.isFirst);
    const outcome = await send(replayRecords(sent, request.whence));
    if (!outcome.ok) throw new NotSent(`the event stream does not take events: ${outcome.error}`);
    await rest(sent.length);
    return { sent: sent.length, repeated: wanted.length - sent.length, others: events.length - wanted.length };
  });
}

/** An event of which no mark can be made is sent: stitching puts it aside with the reason, and it costs no other. */
function isFirst(event: Event, memory: MessageMemory): boolean {
  try {
    return memory.isFirst(markOf(event));
  } catch {
    return true;
  }
}

/** Reads what an operator asks for. @throws Error that says what is wrong with it */
export const readRequest = (asked: Asked): ReplayRequest => readReplayRequest(asked);
