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

/** An event's own line, and the record that carries it. */
interface Origin {
  readonly line: string;
  readonly sequenceNumber: string;
}

/** The events of a batch of stream records, and the origin of each event. */
interface Batch {
  readonly events: readonly Event[];
  readonly unreadable: readonly Unreadable[];
  readonly originOf: ReadonlyMap<Event, Origin>;
}

/**
 * Reads the NDJSON of each record. A line that is not an event is listed apart, and the rest of the batch goes on.
 * Numbers keep their digits, unless `parse` makes doubles of them.
 */
export function readRecords(records: readonly KinesisStreamRecord[], parse: Parse = readJson): Batch {
  const events: Event[] = [];
  const unreadable: Unreadable[] = [];
  const originOf = new Map<Event, Origin>();
  for (const { kinesis } of records) {
    const lines = Buffer.from(kinesis.data, 'base64').toString('utf8').split('\n');
    for (const line of lines.filter((text) => text !== '')) {
      const read = readEvent(line, parse);
      if (!read.ok) unreadable.push({ item: line, reason: read.reason });
      else {
        events.push(read.event);
        originOf.set(read.event, { line, sequenceNumber: kinesis.sequenceNumber });
      }
    }
  }
  return { events, unreadable, originOf };
}

type Parse = (text: string) => unknown;

function readEvent(line: string, parse: Parse): { ok: true; event: Event } | { ok: false; reason: string } {
  try {
    const parsed = Event.safeParse(parse(line));
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
