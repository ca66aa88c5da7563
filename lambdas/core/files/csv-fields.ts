/** A row whose last value, in quotes, goes on in the next line. */
export interface OpenRow {
  readonly fields: string[];
  readonly value: string;
}

/** What a line holds: the values of a row, the beginning of a row, or something that is neither. */
export type ReadFields =
  | { readonly is: 'row'; readonly fields: readonly string[] }
  | { readonly is: 'open'; readonly open: OpenRow }
  | { readonly is: 'flaw'; readonly reason: string };

/** A value, and where it ends in its line; without `end`, it goes on in the next line. */
interface Value {
  readonly text: string;
  readonly end?: number;
}

/**
 * Reads the values of a line by RFC 4180: quotes stand around whole values only, and a quote inside them is doubled.
 * `open` is what the lines before left open.
 */
export function readFields(line: string, delimiter: string, open?: OpenRow): ReadFields {
  const stop = line.endsWith('\r') ? line.length - 1 : line.length;
  if (open === undefined && !line.includes('"')) return { is: 'row', fields: line.slice(0, stop).split(delimiter) };
  const fields = open?.fields ?? [];
  let value = open === undefined ? valueAt(line, 0, { delimiter, stop }) : quotedValue(line, 0, open.value);
  for (;;) {
    if (value === undefined) return { is: 'flaw', reason: 'has a quote inside a value without quotes' };
    if (value.end === undefined) return { is: 'open', open: { fields, value: value.text } };
    fields.push(value.text);
    if (value.end === stop || value.end === line.length) return { is: 'row', fields };
    if (line.charAt(value.end) !== delimiter) return { is: 'flaw', reason: 'has text after a closing quote' };
    value = valueAt(line, value.end + 1, { delimiter, stop });
  }
}

function valueAt(
  line: string,
  from: number,
  { delimiter, stop }: { readonly delimiter: string; readonly stop: number },
): Value | undefined {
  if (line[from] === '"') return quotedValue(line, from + 1, '');
  const next = line.indexOf(delimiter, from);
  const end = next === -1 ? stop : next;
  const text = line.slice(from, end);
  return text.includes('"') ? undefined : { text, end };
}

function quotedValue(line: string, from: number, before: string): Value {
  let text = before;
  for (let at = from; ; ) {
    const quote = line.indexOf('"', at);
    if (quote === -1) return { text: `${text}${line.slice(at)}\n` };
    if (line[quote + 1] !== '"') return { text: `${text}${line.slice(at, quote)}`, end: quote + 1 };
    text += line.slice(at, quote + 1);
    at = quote + 2;
  }
}
