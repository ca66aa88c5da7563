import type { ImportLedger, TakeRoom } from '../../adapters/dynamodb/import-ledger.ts';
import type { KeepRows } from '../../adapters/lake/bad-rows.ts';
import type { ReadPiece } from '../../adapters/lake/staged-piece.ts';
import type { CountRows } from '../../adapters/metrics/import-metrics.ts';
import type { callsOf } from '../../adapters/sources/map-entry.ts';
import type { PutOutcome } from '../../adapters/streams/retry-failed-entries.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import { quarantineLine } from '../../core/events/quarantine-line.ts';
import { inParts } from '../../core/events/quarantine-parts.ts';
import { type Line, packLines, utf8Bytes } from '../../core/events/stream-record.ts';
import { namingRule } from '../../core/identifiers/naming-rule.ts';
import { advanced, type Entry, finished, type RowCounts, released } from '../../core/imports/ledger.ts';
import { type Piece, pieceKey } from '../../core/imports/load.ts';
import { costOf } from '../../core/imports/pace.ts';
import { replayLine } from '../../core/replay/line.ts';
import type { SourcedRecord } from '../../core/replay/records.ts';
import { withRows } from '../../core/sources/definition.ts';
import { formatInstant } from '../../core/values/time.ts';
import { type BadRow, eventsOfLine, type PieceContext, type RowOutcome } from './rows.ts';

/** Everything that sending a piece works with. */
export interface SendPieceDeps {
  readonly config: Pick<CdpConfig, 'sources' | 'identity'>;
  readonly ledger: ImportLedger;
  readonly readPiece: ReadPiece;
  readonly takeRoom: TakeRoom;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly send: (records: readonly SourcedRecord[]) => Promise<PutOutcome>;
  readonly keepRows: KeepRows;
  readonly callsOf: typeof callsOf;
  readonly count: CountRows;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** An object, and how long there is time for it. */
export interface Task {
  readonly versionId: string | undefined;
  readonly hasTime: () => boolean;
}

/** A piece of a source or of an object that the configuration does not have. */
export class NotDeclared extends Error {
  override readonly name = 'NotDeclared';
}

/** The stream or the lake did not take rows after all tries. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
}

/** How a piece ended: all its rows are sent or in quarantine, or somebody else works on it until a time. */
export type PieceEnd = { readonly kind: 'done' } | { readonly kind: 'busy'; readonly until: number };

/** Most lines and characters of a step. Whoever dies in one leaves it to be sent again. */
const linesAtOnce = 500;
const charactersAtOnce = 250_000;

/** The lines of the next step: the same ones whenever it is taken. */
function stepOf(lines: readonly string[], position: number): readonly string[] {
  let room = charactersAtOnce;
  const some = lines.slice(position, position + linesAtOnce);
  const end = some.findIndex(({ length }, n) => {
    room -= length;
    return room < 0 && n > 0;
  });
  return end === -1 ? some : some.slice(0, end);
}

/**
 * Sends the rows of a piece, in steps that the ledger knows. Whoever comes again, at once or later, goes on where the
 * ledger says; a step that is done again has the same lines, with the same ids and times.
 * @throws NotDeclared, NotTaken
 */
export async function sendPiece(piece: Piece, { versionId, hasTime }: Task, deps: SendPieceDeps): Promise<PieceEnd> {
  const { sourceId, loadId, object, number } = piece;
  const unit = { sourceId, loadId, piece: `${object}-${number}` };
  const contextAt = contextOf(piece, deps);
  const claim = await deps.ledger.claim(unit, versionId);
  if (claim.kind !== 'mine') return claim;
  let { entry } = claim;
  const context = contextAt(entry.begunAt);
  const lines = await deps.readPiece(pieceKey(piece), entry.versionId);
  while (entry.position < lines.length && hasTime()) {
    const some = stepOf(lines, entry.position);
    const counts = await sendSome(some, { piece, entry, context }, deps);
    const next = advanced(entry, some.length, counts, deps.now());
    if (!(await deps.ledger.write(unit, next))) return { kind: 'busy', until: next.leaseUntil };
    deps.count(sourceId, counts);
    entry = next;
  }
  const isDone = entry.position >= lines.length;
  const end = isDone ? finished(entry) : released(entry, deps.now());
  const isMine = await deps.ledger.write(unit, end);
  return isMine && isDone ? { kind: 'done' } : { kind: 'busy', until: end.leaseUntil };
}

/** What the rows of a piece have in common, by the time of its first try. */
function contextOf({ sourceId, object, load }: Piece, { config, callsOf: map }: SendPieceDeps) {
  const source = withRows(config.sources).find(({ id }) => id === sourceId);
  const declared = source?.objects.find((one) => one.object === object);
  if (source === undefined || declared === undefined)
    throw new NotDeclared(`no source ${sourceId} with the object ${object} is configured`);
  const isNamed = namingRule(source, config.identity);
  return (receivedAt: number): PieceContext => {
    const arrival = { sourceId, receivedAt, newId: () => '', isNamed };
    return { declared, load, arrival, callsOf: map };
  };
}

interface Step {
  readonly piece: Piece;
  readonly entry: Entry;
  readonly context: PieceContext;
}

/** Good rows go first, as in collect. */
async function sendSome(texts: readonly string[], step: Step, deps: SendPieceDeps): Promise<RowCounts> {
  const outcomes = texts.map((text) => eventsOfLine(text, step.context));
  const events = outcomes.flatMap((outcome) => (outcome.kind === 'events' ? outcome.lines : []));
  const bad = outcomes.flatMap((outcome) => (outcome.kind === 'bad' ? [outcome.row] : []));
  const records = recordsOf(events, step.piece.sourceId);
  if (records.length > 0) {
    await deps.sleep(await deps.takeRoom(costOf(records.map(({ text }) => utf8Bytes(text)))));
    orNotTaken(await deps.send(records));
  }
  if (bad.length > 0) orNotTaken(await keep(bad, step, deps));
  return countsOf(outcomes);
}

function orNotTaken(outcome: PutOutcome): void {
  if (!outcome.ok) throw new NotTaken(`rows were not taken, and are tried again: ${outcome.error}`);
}

/** Rows of one person in order, in as few records as the limit allows. */
const recordsOf = (lines: readonly Line[], sourceId: string): SourcedRecord[] =>
  [...Map.groupBy(lines, ({ person }) => person).values()].flatMap((group) =>
    packLines(group.map(({ json, person }) => ({ json: replayLine(json, 'import'), person }))).map((packed) => ({
      ...packed,
      sourceId,
    })),
  );

/** Bad rows of a step have a name of their own, so that keeping them again replaces them. */
function keep(rows: readonly BadRow[], { piece, entry }: Step, { keepRows }: SendPieceDeps): Promise<PutOutcome> {
  const { sourceId, loadId, object, number } = piece;
  const stamps = { stage: 'import', receivedAt: formatInstant(entry.begunAt), sourceId } as const;
  const lines = rows.flatMap(inParts).map((row) => quarantineLine({ ...stamps, ...row }));
  const name = `${sourceId}-${loadId}-${object}-${number}-${entry.position}`;
  return keepRows(packLines(lines), { at: entry.begunAt, name });
}

function countsOf(outcomes: readonly RowOutcome[]): RowCounts {
  const numberOf = (is: (outcome: RowOutcome) => boolean): number => outcomes.filter(is).length;
  const events = outcomes.map((outcome) => (outcome.kind === 'events' ? outcome.lines.length : 0));
  return {
    rows: outcomes.length,
    sent: events.filter((number) => number > 0).length,
    quarantined: numberOf(({ kind }) => kind === 'bad'),
    untold: numberOf((outcome) => outcome.kind === 'events' && outcome.lines.length === 0),
    events: events.reduce((sum, number) => sum + number, 0),
  };
}
