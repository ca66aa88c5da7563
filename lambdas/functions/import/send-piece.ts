import type { ImportLedger } from '../../adapters/dynamodb/import-ledger.ts';
import type { FileErasures } from '../../adapters/dynamodb/source-requests.ts';
import type { ReadPiece } from '../../adapters/lake/staged-piece.ts';
import type { CountRows } from '../../adapters/metrics/import-metrics.ts';
import type { callsOf } from '../../adapters/sources/map-entry.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import type { Arrival } from '../../core/events/arrival.ts';
import { namingRule } from '../../core/identifiers/naming-rule.ts';
import { advanced, type Entry, finished, type RowCounts, released } from '../../core/imports/ledger.ts';
import { type Piece, pieceKey } from '../../core/imports/load.ts';
import { isStoppedBy } from '../../core/privacy/event-barriers.ts';
import { withRows } from '../../core/sources/definition.ts';
import { eventsOfLine, type PieceContext } from './rows.ts';
import { replayed, type SendRowsDeps, sendRows } from './send-rows.ts';

/** Everything that sending a piece works with. */
export interface SendPieceDeps extends SendRowsDeps {
  readonly config: Pick<CdpConfig, 'sources' | 'identity'>;
  readonly ledger: ImportLedger;
  readonly readPiece: ReadPiece;
  /** Files requests to erase people; one that is filed already stays as it is. */
  readonly fileErasures: FileErasures;
  readonly callsOf: typeof callsOf;
  readonly signalsOf?: Arrival['signalsOf'];
  readonly count: CountRows;
  /** Most lines and characters of a step. @default 500 lines and 250,000 characters */
  readonly stepSize?: StepSize;
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

/** How a piece ended: all its rows are sent or in quarantine, or somebody else works on it until a time. */
export type PieceEnd = { readonly kind: 'done' } | { readonly kind: 'busy'; readonly until: number };

/** How much is sent at once. Whoever dies in a step leaves it to be sent again. */
interface StepSize {
  readonly lines: number;
  readonly characters: number;
}
const usualStep: StepSize = { lines: 500, characters: 250_000 };

/** The lines of the next step: the same ones whenever it is taken. */
function stepOf(lines: readonly string[], position: number, size: StepSize): readonly string[] {
  let room = size.characters;
  const some = lines.slice(position, position + size.lines);
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
  const claim = await deps.ledger.claim(unit, { versionId });
  if (claim.kind !== 'mine') return claim;
  let { entry } = claim;
  const context = contextAt(entry.begunAt);
  const lines = await deps.readPiece(pieceKey(piece), entry.versionId);
  while (entry.position < lines.length && hasTime()) {
    const some = stepOf(lines, entry.position, deps.stepSize ?? usualStep);
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
function contextOf({ sourceId, object, load }: Piece, { config, callsOf: map, signalsOf }: SendPieceDeps) {
  const source = withRows(config.sources).find(({ id }) => id === sourceId);
  const declared = source?.objects.find((one) => one.object === object);
  if (source === undefined || declared === undefined)
    throw new NotDeclared(`no source ${sourceId} with the object ${object} is configured`);
  const { clientAnonymous } = source;
  const isNamed = namingRule(source, config.identity);
  return (receivedAt: number): PieceContext => {
    const arrival = { sourceId, receivedAt, newId: () => '', isNamed, signalsOf, clientAnonymous };
    return { declared, load, arrival, identity: config.identity, callsOf: map };
  };
}

interface Step {
  readonly piece: Piece;
  readonly entry: Entry;
  readonly context: PieceContext;
}

async function sendSome(texts: readonly string[], step: Step, deps: SendPieceDeps): Promise<RowCounts> {
  const { piece, entry } = step;
  const stops = await deps.barriers();
  const context = { ...step.context, arrival: { ...step.context.arrival, isStopped: isStoppedBy(stops) } };
  const { sourceId, loadId, object, number } = piece;
  const outcomes = texts.map((text) => replayed(eventsOfLine(text, context)));
  // A step has a name of its own, so that keeping its bad rows again replaces them.
  const name = `${sourceId}-${loadId}-${object}-${number}-${entry.position}`;
  const counts = await sendRows(outcomes, { sourceId, receivedAt: entry.begunAt, name }, deps);
  const erasures = outcomes.flatMap((outcome) => (outcome.kind === 'events' ? (outcome.erasures ?? []) : []));
  if (erasures.length > 0) await deps.fileErasures(erasures);
  return counts;
}
