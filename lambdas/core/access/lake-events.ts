import type { Event } from '../events/event.ts';
import type { TrustRules } from '../identifiers/identifier.ts';
import { fieldsOf, isObject, readJson } from '../values/json.ts';
import { eventColumns } from './lake-queries.ts';
import { namedIn } from './others.ts';
import type { ReportedEvents } from './report.ts';
import type { IsTheirs } from './whole-person.ts';

/** A row as the lake answers it: texts. */
export type LakeRow = readonly (string | null)[];

type EventRow = ReportedEvents['rows'][number];
type RefusedRow = ReportedEvents['refused'][number];

/** The person's events, as they were sent, without the identifiers of others. */
export function reportedEvents(rows: readonly LakeRow[], rules: TrustRules, isTheirs: IsTheirs): EventRow[] {
  const named = namedIn(rules, isTheirs);
  return rows.map((row) => {
    const column = Object.fromEntries(eventColumns.map((name, n) => [name, row[n] ?? null])) as Columns;
    const at = timeIn(column.timestamp);
    const [properties, traits, context] = [column.properties, column.traits, column.context].map(jsonIn);
    const { theirs, without } = named(eventIn(column, { at, properties, traits, context }));
    const { browser, os, device, device_kind, referrer_kind, click_id, ip_country } = column;
    const derived = { browser, os, device, device_kind, referrer_kind, click_id, ip_country };
    const known = Object.entries(derived).filter(([, value]) => value !== null && value !== '');
    return {
      type: column.type ?? '',
      name: column.event ?? column.name ?? '',
      at,
      receivedAt: timeIn(column.received_at),
      source: column.source_id ?? '',
      messageId: column.message_id ?? '',
      identifiers: [...theirs],
      account: column.group_id,
      properties: without(properties),
      traits: without(traits),
      context: without(context),
      derived: known.length === 0 ? null : Object.fromEntries(known),
    };
  });
}

type Columns = Readonly<Record<(typeof eventColumns)[number], string | null>>;

const eventIn = (
  { type, event, name, user_id, anonymous_id, previous_id, group_id, source_id, message_id }: Columns,
  { at, ...sent }: { readonly at: string } & Pick<EventRow, 'properties' | 'traits' | 'context'>,
): Event => {
  const { properties, traits, context } = sent;
  const ids = { userId: user_id, anonymousId: anonymous_id, previousId: previous_id, groupId: group_id };
  const stated = { ...ids, type, event, name, properties, traits, context, sourceId: source_id, messageId: message_id };
  const known: object = Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== null));
  return { ...known, timestamp: at } as Event;
};

/** Refused lines whose most trusted identifier is the person's, as far as they can be read. */
export function reportedRefused(rows: readonly LakeRow[], rules: TrustRules, isTheirs: IsTheirs): RefusedRow[] {
  const named = namedIn(rules, isTheirs);
  return rows.flatMap(([arrivedAt = null, source = null, field, reason, line]) => {
    const sent = jsonIn(line ?? null);
    if (!isObject(sent)) return [];
    const at = timeIn(arrivedAt);
    const { context, timestamp } = sent;
    const time = typeof timestamp === 'string' && Number.isFinite(Date.parse(timestamp)) ? timestamp : at;
    const read: object = { ...sent, context: fieldsOf(context), sourceId: source ?? '', timestamp: time };
    const { mostTrusted, without } = readable(() => named(read as Event));
    if (mostTrusted === undefined || !isTheirs(mostTrusted, time)) return [];
    return [{ at, source, field: field ?? '', reason: reason ?? '', sent: without(sent) }];
  });
}

/** A line was refused for what is wrong in it, so that nothing may be readable of it. */
function readable<Named>(
  read: () => Named,
): Named | { readonly mostTrusted: undefined; readonly without: (value: unknown) => unknown } {
  try {
    return read();
  } catch {
    return { mostTrusted: undefined, without: (value) => value };
  }
}

function jsonIn(text: string | null): unknown {
  if (text === null) return null;
  try {
    return readJson(text);
  } catch {
    return text;
  }
}

/** A time of Athena, which is UTC, as ISO 8601. */
export const timeIn = (text: string | null): string => {
  const time = Date.parse(`${(text ?? '').replace(/ UTC$/, '').replace(' ', 'T')}Z`);
  return Number.isNaN(time) ? (text ?? '') : new Date(time).toISOString();
};
