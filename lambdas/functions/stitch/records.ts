import type { KinesisStreamRecord } from 'aws-lambda';
import { Event } from '../../core/events/event.ts';
import { faultReason } from '../../core/events/event-fault.ts';
import { fieldName } from '../../core/values/field-name.ts';
import { readJson } from '../../core/values/json.ts';

/** A line of the event stream that is not an event, with the reason. */
export interface Unreadable {
  readonly item: string;
  readonly reason: string;
}

/** The events of a batch of stream records, and the record of each event. */
interface Batch {
  readonly events: readonly Event[];
  readonly unreadable: readonly Unreadable[];
  readonly sequenceNumberOf: ReadonlyMap<Event, string>;
}

/** Reads the NDJSON of each record. A line that is not an event is listed apart, and the rest of the batch goes on. */
export function readRecords(records: readonly KinesisStreamRecord[]): Batch {
  const events: Event[] = [];
  const unreadable: Unreadable[] = [];
  const sequenceNumberOf = new Map<Event, string>();
  for (const { kinesis } of records) {
    const lines = Buffer.from(kinesis.data, 'base64').toString('utf8').split('\n');
    for (const line of lines.filter((text) => text !== '')) {
      const read = readEvent(line);
      if (!read.ok) unreadable.push({ item: line, reason: read.reason });
      else {
        events.push(read.event);
        sequenceNumberOf.set(read.event, kinesis.sequenceNumber);
      }
    }
  }
  return { events, unreadable, sequenceNumberOf };
}

function readEvent(line: string): { ok: true; event: Event } | { ok: false; reason: string } {
  try {
    const parsed = Event.safeParse(readJson(line));
    if (parsed.success) return { ok: true, event: parsed.data };
    return {
      ok: false,
      reason: parsed.error.issues.map(({ path, message }) => `${fieldName(path)}: ${message}`).join('; '),
    };
  } catch (error) {
    // Without the error's message: it quotes the line.
    if (error instanceof SyntaxError || error instanceof RangeError)
      return { ok: false, reason: `not JSON; got ${line.length} characters` };
    return { ok: false, reason: faultReason(error, line) };
  }
}
