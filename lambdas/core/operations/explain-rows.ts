import { RowStamp } from '../imports/row-stamp.ts';
import { isWithRows, type Source } from '../sources/definition.ts';
import { fieldsOf } from '../values/json.ts';
import type { Explanation } from './explain.ts';

/** What the lake says of a message: its source, and the context of its event, JSON. */
export type LakeRow = readonly [messageId: string | null, source: string | null, context: string | null];

/** The row that a message was made of, by the message's id. */
export type RowsOfMessages = ReadonlyMap<string, RowStamp>;

const day = 86_400_000;
/** Ids in one query, whose text is limited. */
const most = 500;

/**
 * Queries that find which rows the messages of an explanation were made of; none if no source of rows said anything.
 * An event of a row is received a day before its time at the earliest, so older days of the lake are not read.
 */
export function rowQueries({ traits, identifiers, merges }: Explanation, sources: readonly Source[]): string[] {
  const withRows = new Set(sources.filter(isWithRows).map(({ id }) => id));
  if (withRows.size === 0) return [];
  const said = traits.flatMap((trait) => [trait, ...trait.others]).filter(({ source }) => withRows.has(source));
  const links = [...identifiers.map(({ messageId, linkedAt: at }) => ({ messageId, at })), ...merges];
  const messages = [...said.map(({ messageId, said: at }) => ({ messageId, at })), ...links];
  const ids = [...new Set(messages.flatMap(({ messageId }) => messageId ?? []))];
  const first = messages.reduce((least, { at }) => Math.min(least, Date.parse(at)), Date.parse('9999-01-01'));
  const since = new Date(first - day).toISOString().slice(0, 10);
  const list = (texts: Iterable<string>): string => [...texts].map(quoted).join(', ');
  return Array.from({ length: Math.ceil(ids.length / most) }, (_, n) =>
    [
      'SELECT message_id, source_id, context FROM events',
      `WHERE received_at >= TIMESTAMP '${since} 00:00:00' AND source_id IN (${list(withRows)})`,
      `AND message_id IN (${list(ids.slice(n * most, (n + 1) * most))})`,
    ].join(' '),
  );
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Reads what the lake answered. An event without a stamp came before there were any. */
export const rowsIn = (answer: readonly LakeRow[]): RowsOfMessages =>
  new Map(
    answer.flatMap(([messageId, , context]) => {
      const read = RowStamp.safeParse(fieldsOf(parsed(context ?? '')).row);
      return messageId === null || !read.success ? [] : [[messageId, read.data] as const];
    }),
  );

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An explanation whose statements, links and merges name their rows, where the lake has them. */
export function namingRows(explanation: Explanation, rows: RowsOfMessages) {
  const rowOf = <Said extends { readonly messageId: string | null }>(
    said: Said,
  ): Said & { readonly row?: RowStamp } => {
    const row = rows.get(said.messageId ?? '');
    return row === undefined ? said : { ...said, row };
  };
  return {
    ...explanation,
    identifiers: explanation.identifiers.map(rowOf),
    merges: explanation.merges.map(rowOf),
    traits: explanation.traits.map((trait) => ({ ...rowOf(trait), others: trait.others.map(rowOf) })),
  };
}
export type ExplanationWithRows = ReturnType<typeof namingRows>;
