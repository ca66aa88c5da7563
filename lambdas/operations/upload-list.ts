import type { PutOutcome } from '../adapters/streams/retry-failed-entries.ts';
import { admit } from '../core/events/admission.ts';
import { packLines } from '../core/events/stream-record.ts';
import type { SourcedRecord } from '../core/replay/records.ts';
import { listEvents } from '../core/segments/program/list-events.ts';
import { isBlank } from '../core/values/text.ts';
import { NotSent } from './replay.ts';

/** A row of an uploaded file: what it says by column, or why it cannot be read. */
export interface Row {
  readonly line: number;
  readonly fields: ReadonlyMap<string, string>;
  readonly fault?: string;
}

/** A row that puts nobody on the list, and why. */
export interface BadRow {
  readonly line: number;
  readonly reason: string;
}

/** What an upload did so far. */
export interface Uploaded {
  readonly added: number;
  readonly removed: number;
  readonly bad: number;
}

/** Whom to put on a list, whom to take off it, and how. */
interface Upload {
  readonly list: string;
  /** The source whose events they are. */
  readonly sourceId: string;
  /** When the upload began, in milliseconds: all of its events happened then. */
  readonly at: number;
  readonly members: AsyncIterable<readonly Row[]>;
  /** The file that was uploaded before: who is in it alone leaves the list. */
  readonly earlier?: AsyncIterable<readonly Row[]> | undefined;
  readonly send: (records: readonly SourcedRecord[]) => Promise<PutOutcome>;
  readonly rest: (events: number) => Promise<unknown>;
  readonly refuse: (row: BadRow) => void;
  readonly tell: (uploaded: Uploaded) => void;
}

/**
 * Puts the people of a file on a list, by events like those of any source, and takes those off it who were only in an
 * earlier file, under all of their names. A row that names nobody is told with its line, and the others count; but then
 * nobody is taken off.
 * @throws NotSent when the event stream does not accept events
 */
export async function uploadList(upload: Upload): Promise<Uploaded> {
  const members = new Set<string>();
  let done: Uploaded = { added: 0, removed: 0, bad: 0 };
  for await (const rows of upload.members) {
    const { sent, bad } = await sendRows(rows, 'added', upload);
    if (upload.earlier) for (const name of rows.flatMap(namesOf)) members.add(name);
    done = { ...done, added: done.added + sent, bad: done.bad + bad };
    upload.tell(done);
  }
  // Who is on a line that cannot be read may be on the list still.
  if (done.bad > 0) return done;
  for await (const rows of upload.earlier ?? []) {
    const gone = rows.filter((row) => row.fault === undefined && !namesOf(row).some((name) => members.has(name)));
    const { sent } = await sendRows(gone, 'removed', { ...upload, refuse: () => {} });
    done = { ...done, removed: done.removed + sent };
    upload.tell(done);
  }
  return done;
}

async function sendRows(
  rows: readonly Row[],
  what: 'added' | 'removed',
  { list, at, sourceId, send, rest, refuse }: Upload,
): Promise<{ readonly sent: number; readonly bad: number }> {
  const whole = rows.filter(({ fault }) => fault === undefined);
  const items = whole.map((row) => callOf(row, list, what, at));
  const { accepted, rejected } = admit({ items, shared: {} }, { receivedAt: at, sourceId, newId: () => '' });
  for (const { line, fault } of rows) if (fault !== undefined) refuse({ line, reason: fault });
  for (const { rejection } of rejected)
    refuse({ line: whole[rejection.index]?.line ?? 0, reason: `${rejection.field} ${rejection.reason}`.trim() });
  const outcome = await send(packLines(accepted).map((packed) => ({ ...packed, sourceId })));
  if (!outcome.ok) throw new NotSent(`the event stream does not accept events: ${outcome.error}`);
  await rest(accepted.length);
  return { sent: accepted.length, bad: rows.length - accepted.length };
}

/** Columns that name a person, and where they are in a call. */
const ids = { user_id: 'userId', anonymous_id: 'anonymousId' } as const;
const contacts = ['email', 'phone'] as const;

const textIn = ({ fields }: Row, column: string): string | undefined => {
  const text = fields.get(column);
  return text === undefined || isBlank(text) ? undefined : text;
};

const namesOf = (row: Row): string[] =>
  Object.keys(ids).flatMap((column) => {
    const text = textIn(row, column);
    return text === undefined ? [] : [`${column} ${text}`];
  });

function callOf(row: Row, list: string, what: 'added' | 'removed', at: number): object {
  const { event } = listEvents(list)[what];
  const named = (names: readonly (readonly [string, string])[]) =>
    Object.fromEntries(names.flatMap(([column, field]) => [[field, textIn(row, column)]]).filter(([, text]) => text));
  return {
    type: 'track',
    event,
    messageId: `list-${what}-${at.toString(36)}-${row.line}-${list}`.slice(0, 100),
    timestamp: new Date(at).toISOString(),
    ...named(Object.entries(ids)),
    properties: { list },
    context: { traits: named(contacts.map((contact) => [contact, contact])) },
  };
}
