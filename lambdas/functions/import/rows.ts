import type { callsOf } from '../../adapters/sources/map-entry.ts';
import { admit } from '../../core/events/admission.ts';
import type { Arrival } from '../../core/events/arrival.ts';
import type { Event } from '../../core/events/event.ts';
import { faultReason } from '../../core/events/event-fault.ts';
import type { Quarantined } from '../../core/events/quarantine-line.ts';
import type { Line } from '../../core/events/stream-record.ts';
import { keptWithoutClient } from '../../core/events/without-client.ts';
import { type Identifier, statedExternalIds, textOf, typeOf } from '../../core/identifiers/identifier.ts';
import type { IdentityRules } from '../../core/identifiers/rules.ts';
import { entryOfChange, entryOfRow, type RowEntry, type RowFault, timeFault } from '../../core/imports/entry.ts';
import type { Load } from '../../core/imports/load.ts';
import { type PieceLine, type Place, readPieceLine } from '../../core/imports/piece-line.ts';
import { rowStamp, stamped } from '../../core/imports/row-stamp.ts';
import { stopsRefused } from '../../core/privacy/event-barriers.ts';
import type { DeclaredObject } from '../../core/sources/objects.ts';
import { formatInstant } from '../../core/values/time.ts';
import { digestOf, type ErasureWish, erasureOf, releasesOf } from './deleted-record.ts';

/** A row that is not sent, for the quarantine. */
export type BadRow = Pick<Quarantined, 'field' | 'place' | 'reason' | 'item'>;

/** What a line of a piece becomes: events, which may be none, or a bad row. */
export type RowOutcome =
  | {
      readonly kind: 'events';
      readonly lines: readonly Line[];
      /** Events about people who are kept out, which are not sent. */
      readonly stopped?: number;
      readonly erasures?: readonly ErasureWish[];
    }
  | { readonly kind: 'bad'; readonly row: BadRow };

/** What the rows of a piece have in common. */
export interface PieceContext {
  readonly declared: DeclaredObject;
  readonly load: Load;
  readonly arrival: Arrival;
  readonly identity: IdentityRules;
  readonly callsOf: typeof callsOf;
}

/** Reads a line of a piece, and makes events of its row. */
export function eventsOfLine(text: string, context: PieceContext): RowOutcome {
  const read = readPieceLine(text);
  if (!read.ok) return keptOf(bad({ field: '', reason: read.reason, item: text }), context);
  return eventsOfRow(read.line, context);
}

/** Maps a row and admits its events as collect does: all of them, or none. */
export const eventsOfRow = (line: PieceLine, context: PieceContext): RowOutcome =>
  keptOf(outcomeOf(line, context), context);

/** A bad row of a source that keeps no addresses lies in quarantine without them. */
const keptOf = (outcome: RowOutcome, { arrival }: PieceContext): RowOutcome =>
  outcome.kind === 'bad' && arrival.clientAnonymous
    ? bad({ ...outcome.row, item: keptWithoutClient(outcome.row.item) })
    : outcome;

function outcomeOf(line: PieceLine, context: PieceContext): RowOutcome {
  if ('bad' in line) return bad({ field: '', reason: line.bad.reason, place: line.bad.place, item: line.bad.raw });
  const about = { place: line.place, item: 'row' in line ? line.row : line.record.columns };
  const entry = entryOf(line, context);
  return 'reason' in entry ? bad({ ...about, ...entry }) : eventsOf({ entry, about, place: line.place }, context);
}

const bad = (row: BadRow): RowOutcome => ({ kind: 'bad', row });

function entryOf(line: Exclude<PieceLine, { readonly bad: unknown }>, context: PieceContext): RowEntry | RowFault {
  const { declared, load } = context;
  if ('record' in line)
    return declared.rows === 'records' && line.record.object === declared.object
      ? entryOfChange(line, declared)
      : { field: '', reason: `is a change of a record, and ${declared.object} has none` };
  if (declared.rows === 'records')
    return { field: '', reason: `is a row of ${declared.object}, which was not compared with its last version` };
  const read = entryOfRow(line, declared, load);
  return read.ok ? read.entry : read.fault;
}

/** A row that can be mapped: what the quarantine says of it if its events are refused, and where it stood. */
interface Mappable {
  readonly entry: RowEntry;
  readonly about: Pick<BadRow, 'place' | 'item'>;
  readonly place: Place | undefined;
}

function eventsOf({ entry, about, place }: Mappable, context: PieceContext): RowOutcome {
  try {
    const calls = callsFor(entry, context);
    const { releases, erasures } = goneOf(entry, context);
    const times = [...calls.map(({ timestamp }) => timestamp), ...(releases.length > 0 ? [entry.time] : [])];
    const [late] = times.flatMap((time) => timeFault(time, context.load) ?? []);
    if (late !== undefined) return bad({ ...about, ...late });
    const stamp = rowStamp(entry, place);
    const items = calls.map((call) => stamped(call, stamp));
    const { accepted, rejected, suppressed } = admit({ items, shared: {} }, context.arrival);
    const [first] = rejected;
    if (first === undefined)
      return { kind: 'events', lines: [...accepted, ...releases], stopped: suppressed, erasures };
    if (isOfStopped(first.item, context.arrival)) return { kind: 'events', lines: [], stopped: items.length };
    const { field, reason } = first.rejection;
    return bad({ ...about, field, reason });
  } catch (error) {
    return bad({ ...about, field: '', reason: `cannot be mapped: ${faultReason(error, entry.body)}` });
  }
}

/** Whether a call that is refused is about somebody who is kept out, so that it does not go to quarantine either. */
const isOfStopped = (call: unknown, { sourceId, receivedAt, isStopped }: Arrival): boolean =>
  isStopped !== undefined && stopsRefused(call, { sourceId, receivedAt: formatInstant(receivedAt) }, isStopped);

/** What a deleted record says of the external ids that it gave: that they are let go, and whom to erase. */
function goneOf(entry: RowEntry, context: PieceContext): { releases: Line[]; erasures: ErasureWish[] } {
  const { released = [], name, time } = entry;
  const { sourceId, receivedAt } = context.arrival;
  if (released.length === 0) return { releases: [], erasures: [] };
  const calls = callsFor({ ...entry, mappings: released }, context);
  const ids = new Set(calls.flatMap((call) => statedExternalIds(call as Pick<Event, 'context'>, context.identity)));
  const isOut = (id: Identifier): boolean => {
    const external = { type: typeOf(id), id: textOf(id), collection: 'users', encoding: 'none' };
    return isOfStopped({ type: 'track', timestamp: time, context: { externalIds: [external] } }, context.arrival);
  };
  const deletion = { sourceId, name, time, receivedAt: formatInstant(receivedAt), ids: [...ids] };
  const releases = releasesOf({ ...deletion, ids: deletion.ids.filter((id) => !isOut(id)) });
  return { releases, erasures: entry.erases ? erasureOf(deletion) : [] };
}

/**
 * The calls of a row. The time at which its sender sent it tells nothing about a clock, because that was long before.
 */
function callsFor(entry: RowEntry, { declared, arrival, callsOf: map }: PieceContext): Record<string, unknown>[] {
  const { type, name, time, body, more, mappings } = entry;
  const id = digestOf([arrival.sourceId, ...name], 'base64url');
  const calls =
    declared.mappings.length === 0
      ? [{ ...body, messageId: body.messageId ?? id, timestamp: body.timestamp ?? time }]
      : map(
          { type, id, time, body, more },
          mappings.map((mapping) => ({ on: [], ...mapping })),
        );
  return calls.map(({ sentAt: _sentAt, ...call }: Record<string, unknown>) => call);
}
