import * as z from 'zod';
import { table } from '../contract/storage.ts';
import { MembershipChange } from './audience-event.ts';

type Value = { readonly S?: string | undefined } | undefined;

/** An item of the table's stream after a write. */
type WrittenItem = Readonly<Record<string, Value>>;

/** What one write of a profile reports: lines for the identity log, and changes for the segment bus. */
export interface News {
  readonly log: readonly string[];
  readonly changes: readonly MembershipChange[];
  /** Why a part cannot be read; undefined if all parts can. */
  readonly fault: string | undefined;
}

const Change = MembershipChange.omit({ profileId: true });
const Entry = z.looseObject({ kind: z.string() });

/** Reads the reports of a write, each entry separately, so an unreadable entry affects no other. */
export function newsIn(item: WrittenItem = {}): News {
  const profileId = item.profileId?.S;
  const changes = readEach(table.changes, item[table.changes], (entry) =>
    MembershipChange.parse({ ...Change.parse(entry), profileId }),
  );
  const log = readEach(table.log, item[table.log], (entry) => JSON.stringify(Entry.parse(entry)));
  const faults = [...changes.faults, ...log.faults];
  return { log: log.read, changes: changes.read, fault: faults.length === 0 ? undefined : faults.join('; ') };
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
