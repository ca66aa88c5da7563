import type { Event } from '../../core/events/event.ts';
import { type BarrierDeps, type StopsEvent, stopsNothing } from '../../core/privacy/event-barriers.ts';
import type { SourcedRecord } from '../../core/replay/records.ts';
import { readJson } from '../../core/values/json.ts';
import type { Sending } from '../replay.ts';

/** Sends records without the lines about people who are kept out; a record that has no others is not sent. */
export const unlessStopped =
  (send: Sending['send'], { barriers, countSuppressed }: BarrierDeps): Sending['send'] =>
  async (records) => {
    const stops = await barriers();
    if (stops === stopsNothing) return send(records);
    const kept = records.map((record) => withoutStopped(record, stops));
    countSuppressed(kept.flatMap(({ sources }) => sources));
    return send(kept.flatMap(({ record }) => record));
  };

/** What is left of a record, and the sources of what is left out. */
interface Left {
  readonly record: readonly SourcedRecord[];
  readonly sources: readonly string[];
}

function withoutStopped(record: SourcedRecord, stops: StopsEvent): Left {
  const lines = record.text.split('\n').filter((line) => line !== '');
  const stopped = new Map(lines.flatMap((line) => sourceIfStopped(line, stops).map((source) => [line, source])));
  if (stopped.size === 0) return { record: [record], sources: [] };
  const kept = lines.filter((line) => !stopped.has(line));
  const text = kept.map((line) => `${line}\n`).join('');
  return { record: kept.length === 0 ? [] : [{ ...record, text }], sources: [...stopped.values()] };
}

/** A line that is no event is about nobody. */
function sourceIfStopped(line: string, stops: StopsEvent): string[] {
  try {
    const event = readJson(line) as Event;
    return stops(event) === undefined ? [] : [event.sourceId];
  } catch {
    return [];
  }
}
