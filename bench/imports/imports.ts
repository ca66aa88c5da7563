import { costOf, traceOf, usualTraffic } from '../cost/cost.ts';
import { assumedSeconds, assumptions } from '../metering/assumptions.ts';
import { type Bill, Meter } from '../metering/meter.ts';
import type { Window } from '../metering/trace.ts';
import { type DoorName, type DoorSeconds, doors } from './doors.ts';

/** What is counted of one way into the platform. */
export interface EntryCase {
  readonly door: DoorName;
  /** Events of each person in a batch of stitch: f. */
  readonly fold: number;
  readonly events: number;
  readonly seed: number;
  readonly seconds?: DoorSeconds;
}

/** Events of 1 KB that one file or one piece has: those of a piece of 4 MB, and two pieces. */
const eventsOfPiece = 4_000;
const eventsOfFile = 8_000;
const eventsAtOnce: Readonly<Record<DoorName, number>> = {
  requests: usualTraffic.eventsPerWindow,
  webhooks: usualTraffic.eventsPerWindow,
  topics: usualTraffic.eventsPerWindow,
  pieces: eventsOfPiece,
  file: eventsOfFile,
  records: eventsOfFile,
};

/** What the way to the stream and into the raw zone costs, per million events. */
export async function entryCostOf({ door, fold, events, seed, seconds = {} }: EntryCase): Promise<Bill> {
  const meter = new Meter();
  const take = doors[door](meter, seconds);
  const trace = traceOf({ fold, seed, events });
  let taken = 0;
  while (taken < events) {
    const windows: Window[] = [];
    while (windows.flat(2).length < eventsAtOnce[door]) windows.push(trace.window());
    const rows = windows.flat(2).length;
    const events = (await take(windows.flat())).reduce((sum, text) => sum + text.split('\n').length - 1, 0);
    if (events !== (door === 'records' ? 0 : rows)) throw new Error(`${door} took ${rows} rows and sent ${events}`);
    taken += rows;
  }
  return meter.bill(taken);
}

/** Processor time as assumed, where nothing is timed. */
export const assumedDoorSeconds: DoorSeconds = {
  collect: assumptions.collectSeconds,
  import: assumptions.importSeconds,
  topics: assumptions.topicSeconds,
};

const untilRawZone: ReadonlySet<string> = new Set(['collect', 'event stream', 'raw zone']);

/** What a million events cost after the stream: profiles, segments, deliveries and their logs. */
export async function afterStream(options: { readonly fold: number; readonly seed: number }): Promise<number> {
  const { bill } = await costOf({ ...options, events: 20_000, seconds: assumedSeconds });
  return bill.lines.filter(({ part }) => !untilRawZone.has(part)).reduce((sum, line) => sum + line.dollars, 0);
}
