import * as z from 'zod';
import { table } from '../contract/storage.ts';
import { type ProfileChange, TraitChange } from './announcement.ts';
import { MembershipChange } from './audience-event.ts';

type Value = { readonly S?: string | undefined } | undefined;

/** A record of the table's stream: the item after a write, and when and as which write it was made. */
interface WrittenRecord {
  readonly NewImage?: Readonly<Record<string, Value>> | undefined;
  /** In seconds since 1970. */
  readonly ApproximateCreationDateTime?: number | undefined;
  readonly SequenceNumber?: string | undefined;
}

/** What one write of a profile reports: lines for the identity log, and changes for the segment bus. */
export interface News {
  readonly log: readonly string[];
  readonly changes: readonly ProfileChange[];
  /** Why a part cannot be read; undefined if all parts can. */
  readonly fault: string | undefined;
}

/** Each names its own parts where it is wrong. */
const Membership = MembershipChange.omit({ profileId: true });
const Trait = TraitChange.omit({ profileId: true });
const Entry = z.looseObject({ kind: z.string() });
type Entry = z.infer<typeof Entry>;

/**
 * Reads the reports of a write, each entry separately, so an unreadable entry affects no other. Each entry and exit is
 * a line of the log, too, with the time of the write, from which the lake knows when it was.
 */
export function newsIn(record: WrittenRecord = {}): News {
  const { NewImage: item = {} } = record;
  const written = writtenAt(record);
  const profileId = item.profileId?.S;
  const changes = readEach(table.changes, item[table.changes], (entry) => changeIn(entry, profileId));
  const log = readEach(table.log, item[table.log], (entry) => linesOf(Entry.parse(entry), written));
  const stays = written === undefined ? [] : changes.read.flatMap((change) => staysIn(change, written));
  const faults = [...changes.faults, ...log.faults];
  const fault = faults.length === 0 ? undefined : faults.join('; ');
  return { log: [...log.read.flat(), ...stays], changes: changes.read, fault };
}

/** An entry names its profile only in the bus's event. */
function changeIn(entry: unknown, profileId: unknown): ProfileChange {
  const trait = Trait.safeParse(entry);
  return trait.success
    ? TraitChange.parse({ ...trait.data, profileId })
    : MembershipChange.parse({ ...Membership.parse(entry), profileId });
}

/** A write as the cause of an entry of the log. */
interface Written {
  readonly messageId: string;
  readonly timestamp: string;
  readonly at: string;
}

function writtenAt({ ApproximateCreationDateTime: seconds, SequenceNumber = '' }: WrittenRecord): Written | undefined {
  if (seconds === undefined) return undefined;
  const at = new Date(seconds * 1000).toISOString();
  return { messageId: SequenceNumber, timestamp: at, at };
}

/** An entry as it is, but of a membership with the time of the write; a profile that merged leaves all segments. */
function linesOf(entry: Entry, written: Written | undefined): string[] {
  if (entry.kind === 'enter') return [JSON.stringify({ ...entry, ...written })];
  const left = entry.kind === 'merge' && written ? [{ kind: 'exit', profileId: entry.absorbed, ...written }] : [];
  return [entry, ...left].map((each) => JSON.stringify(each));
}

/** The lake computes traits itself, and so is not told of them. */
function staysIn(news: ProfileChange, written: Written): string[] {
  if ('trait' in news) return [];
  const { profileId, segment: rule, change } = news;
  return [JSON.stringify({ kind: change === 'entered' ? 'enter' : 'exit', profileId, rule, ...written })];
}

interface Reading<T> {
  readonly read: readonly T[];
  readonly faults: readonly string[];
}

function readEach<T>(attribute: string, value: Value, read: (entry: unknown) => T): Reading<T> {
  const listed = tryRead(attribute, () => z.array(z.unknown()).parse(listIn(value)));
  const each = (listed.read[0] ?? []).map((entry, n) => tryRead(`${attribute}[${n}]`, () => read(entry)));
  return { read: each.flatMap((one) => one.read), faults: [listed, ...each].flatMap(({ faults }) => faults) };
}

function listIn(value: Value): unknown {
  if (value === undefined) return [];
  return JSON.parse(z.string().parse(value.S));
}

/** Returns a fault without the error's message, which may quote personal data. */
function tryRead<T>(what: string, read: () => T): Reading<T> {
  try {
    return { read: [read()], faults: [] };
  } catch (error) {
    const fields =
      error instanceof z.ZodError
        ? error.issues.map(({ path, code }) => [...path, code].join(' ')).join(', ')
        : nameOf(error);
    return { read: [], faults: [`${what}: ${fields}`] };
  }
}

function nameOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'not JSON';
  return error instanceof Error ? error.name : typeof error;
}
