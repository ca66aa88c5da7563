import type { TakeRoom } from '../../adapters/dynamodb/import-ledger.ts';
import type { KeepRows } from '../../adapters/lake/bad-rows.ts';
import type { PutOutcome } from '../../adapters/streams/retry-failed-entries.ts';
import { quarantineLine } from '../../core/events/quarantine-line.ts';
import { inParts } from '../../core/events/quarantine-parts.ts';
import { type Line, packLines, utf8Bytes } from '../../core/events/stream-record.ts';
import type { RowCounts } from '../../core/imports/ledger.ts';
import { costOf } from '../../core/imports/pace.ts';
import type { BarrierDeps } from '../../core/privacy/event-barriers.ts';
import { replayLine } from '../../core/replay/line.ts';
import type { SourcedRecord } from '../../core/replay/records.ts';
import { formatInstant } from '../../core/values/time.ts';
import type { BadRow, RowOutcome } from './rows.ts';

/** Everything that sending rows works with. */
export interface SendRowsDeps extends BarrierDeps {
  readonly takeRoom: TakeRoom;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly send: (records: readonly SourcedRecord[]) => Promise<PutOutcome>;
  readonly keepRows: KeepRows;
}

/** Where rows come from, and under which name the bad ones are kept: the same name again replaces them. */
export interface RowsPlace {
  readonly sourceId: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly name: string;
}

/** The stream or the lake did not take rows after all tries. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
}

/** Marks the events of a row as replayed, so that they are known at any age. */
export const replayed = (outcome: RowOutcome): RowOutcome =>
  outcome.kind === 'bad'
    ? outcome
    : { ...outcome, lines: outcome.lines.map((line) => ({ ...line, json: replayLine(line.json, 'import') })) };

/**
 * Sends the events of rows when the stream has room for them, and keeps bad rows. Good rows go first, as in collect.
 * @throws NotTaken
 */
export async function sendRows(
  outcomes: readonly RowOutcome[],
  place: RowsPlace,
  deps: SendRowsDeps,
): Promise<RowCounts> {
  const events = outcomes.flatMap((outcome) => (outcome.kind === 'events' ? outcome.lines : []));
  const bad = outcomes.flatMap((outcome) => (outcome.kind === 'bad' ? [outcome.row] : []));
  const records = recordsOf(events, place.sourceId);
  if (records.length > 0) {
    await deps.sleep(await deps.takeRoom(costOf(records.map(({ text }) => utf8Bytes(text)))));
    orNotTaken(await deps.send(records));
  }
  if (bad.length > 0) orNotTaken(await keep(bad, place, deps));
  deps.countSuppressed(Array.from({ length: stoppedIn(outcomes) }, () => place.sourceId));
  return countsOf(outcomes);
}

const stoppedIn = (outcomes: readonly RowOutcome[]): number =>
  outcomes.reduce((sum, outcome) => sum + (outcome.kind === 'events' ? (outcome.stopped ?? 0) : 0), 0);

function orNotTaken(outcome: PutOutcome): void {
  if (!outcome.ok) throw new NotTaken(`rows were not taken, and are tried again: ${outcome.error}`);
}

/** Rows of one person in order, in as few records as the limit allows. */
const recordsOf = (lines: readonly Line[], sourceId: string): SourcedRecord[] =>
  [...Map.groupBy(lines, ({ person }) => person).values()].flatMap((group) =>
    packLines(group).map((packed) => ({ ...packed, sourceId })),
  );

function keep(rows: readonly BadRow[], place: RowsPlace, { keepRows }: SendRowsDeps): Promise<PutOutcome> {
  const { sourceId, receivedAt, name } = place;
  const stamps = { stage: 'import', receivedAt: formatInstant(receivedAt), sourceId } as const;
  const lines = rows.flatMap(inParts).map((row) => quarantineLine({ ...stamps, ...row }));
  return keepRows(packLines(lines), { at: receivedAt, name });
}

function countsOf(outcomes: readonly RowOutcome[]): RowCounts {
  const numberOf = (is: (outcome: RowOutcome) => boolean): number => outcomes.filter(is).length;
  const events = outcomes.map((outcome) => (outcome.kind === 'events' ? outcome.lines.length : 0));
  return {
    rows: outcomes.length,
    sent: events.filter((number) => number > 0).length,
    quarantined: numberOf(({ kind }) => kind === 'bad'),
    untold: numberOf((one) => one.kind === 'events' && one.lines.length === 0 && !one.stopped),
    events: events.reduce((sum, number) => sum + number, 0),
  };
}
