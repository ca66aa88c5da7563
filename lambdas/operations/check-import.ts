import { checkFile } from '../adapters/files/check-file.ts';
import { localBytes } from '../adapters/files/file-bytes.ts';
import { installedCalls } from '../adapters/sources/installed-calls.ts';
import { type CdpConfig, type CdpConfigInput, parseConfig } from '../core/config/config.ts';
import type { Event } from '../core/events/event.ts';
import type { Line } from '../core/events/stream-record.ts';
import { BadFile, badRow, type ReadRow, type RowPlace, TooLarge } from '../core/files/read-row.ts';
import { type Tally, tallyOfRows, tooManyBad } from '../core/files/tally.ts';
import { identifiersOf } from '../core/identifiers/identifier.ts';
import { namingRule } from '../core/identifiers/naming-rule.ts';
import { secondsFor, shardBytes } from '../core/imports/duration.ts';
import { recordId } from '../core/imports/entry.ts';
import { type DeclaredFile, readFileKey } from '../core/imports/file-key.ts';
import type { PieceLine } from '../core/imports/piece-line.ts';
import { ownValue } from '../core/values/own-value.ts';
import { formatInstant } from '../core/values/time.ts';
import { type BadRow, eventsOfRow, type PieceContext } from '../functions/import/rows.ts';

/** What would become of a file. */
export interface ImportCheck {
  readonly object: string;
  readonly isRecords: boolean;
  readonly tally: Tally;
  /** Why nothing of the file would be sent. */
  readonly refused?: string;
  /** Calls by type and name, and how many, e.g. `track Order Completed`. */
  readonly calls: ReadonlyMap<string, number>;
  /** How many calls have an identifier of each type. */
  readonly identifiers: ReadonlyMap<string, number>;
  /** Rows that no mapping takes. */
  readonly untold: number;
  /** Seconds that sending takes on the event stream, if no other import runs. */
  readonly seconds: number;
}

/** The file that is checked, its source, and how large the event stream is. */
export interface CheckRequest {
  readonly path: string;
  readonly sourceId: string;
  readonly object?: string | undefined;
  readonly shards: number;
  /** Milliseconds since 1970; the load would begin then. */
  readonly now: number;
}

/** A source or an object that the configuration does not have. */
export class NoSuchObject extends Error {
  override readonly name = 'NoSuchObject';
}

/** Imports use half of the stream unless the deployment says otherwise. */
const share = 0.5;

/**
 * Reads a file as the import would, maps and admits its rows, and sends nothing.
 * @throws NoSuchObject
 */
export async function checkImport(input: CdpConfigInput, request: CheckRequest): Promise<ImportCheck> {
  const config = parseConfig(input);
  const of = declaredFile(config, request);
  const seen = census(config, of, request.now);
  const about = { object: of.declared.object, isRecords: of.declared.rows === 'records' };
  try {
    const { tally: read } = await checkFile(await localBytes(request.path), of, seen.add);
    const { sent, tally, ...counts } = seen.end();
    const refused = tooManyBad(read, of.source.maxBadShare);
    const seconds = secondsFor(sent, request.shards * shardBytes * share);
    return { ...about, ...counts, tally, seconds, ...(refused !== undefined && { refused }) };
  } catch (error) {
    if (!(error instanceof BadFile || error instanceof TooLarge)) throw error;
    const { sent: _, ...counts } = seen.end();
    const refused = error instanceof BadFile ? error.message : `${error.message}: a job would split it`;
    return { ...about, ...counts, seconds: 0, refused };
  }
}

function declaredFile({ sources }: CdpConfig, { sourceId, object }: CheckRequest): DeclaredFile {
  const folder = object === undefined ? '' : `${object}/`;
  const read = readFileKey(`imports/files/${sourceId}/${folder}file`, sources);
  if (read?.ok) return read.file;
  throw new NoSuchObject(
    object === undefined ? `${read?.reason}; if it has several objects, say --object` : `${read?.reason}`,
  );
}

/** Counts what rows become. */
function census(config: CdpConfig, { source, declared }: DeclaredFile, now: number) {
  const tally = tallyOfRows();
  const calls = new Map<string, number>();
  const identifiers = new Map<string, number>();
  const load = { startedAt: now, name: 'check' };
  const isNamed = namingRule(source, config.identity);
  const { id: sourceId, clientAnonymous } = source;
  const arrival = { sourceId, receivedAt: now, newId: () => '', isNamed, clientAnonymous };
  const context: PieceContext = { declared, load, arrival, identity: config.identity, callsOf: installedCalls() };
  let untold = 0;
  let sentRows = 0;
  let sentBytes = 0;

  const take = ({ json }: Line): void => {
    const event = JSON.parse(json) as Event;
    const name = ownValue(event as Record<string, unknown>, 'event');
    count(calls, typeof name === 'string' ? `${event.type} ${name}` : event.type);
    const types = identifiersOf(event, config.identity, source.defaultCountry).usable.map((id) => id.split(':')[0]);
    for (const type of new Set(types)) count(identifiers, type ?? '');
    sentBytes += Buffer.byteLength(json);
  };

  const addRow = (read: ReadRow): void => {
    const outcome = 'bad' in read ? undefined : eventsOfRow(lineOf(read, context), context);
    tally.add([outcome?.kind === 'bad' && 'row' in read ? badRow(read.place, reasonOf(outcome.row), '') : read]);
    if (outcome?.kind !== 'events') return;
    untold += outcome.lines.length === 0 ? 1 : 0;
    sentRows += outcome.lines.length;
    for (const line of outcome.lines) take(line);
  };

  return {
    add: (rows: readonly ReadRow[]): void => rows.forEach(addRow),
    end: () => ({ tally: tally.end(), calls, identifiers, untold, sent: { rows: sentRows, bytes: sentBytes } }),
  };
}

const reasonOf = ({ field, reason }: BadRow): string => (field === '' ? reason : `${field} ${reason}`);

const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);

/** A row of a record counts as a new one: only the lake knows which of them changed. */
function lineOf(
  { row, place }: { readonly row: Readonly<Record<string, unknown>>; readonly place: RowPlace },
  { declared, load }: PieceContext,
): PieceLine {
  const at = { file: '', ...place };
  if (declared.rows === 'events') return { row, place: at };
  const id = recordId(row, declared);
  if (id === undefined) return { bad: { place: at, reason: 'has no key', raw: '' } };
  const updatedAt = declared.updatedAt === undefined ? undefined : ownValue(row, declared.updatedAt);
  const time = typeof updatedAt === 'string' ? updatedAt : formatInstant(load.startedAt);
  const record = {
    object: declared.object,
    id,
    kind: 'created',
    changed: row,
    columns: row,
    at: time,
    hash: id,
  } as const;
  return { record };
}
