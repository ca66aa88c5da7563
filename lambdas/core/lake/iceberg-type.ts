/** A type in Iceberg's metadata: a word, or a list or struct with ids for its parts. */
type IcebergType =
  | string
  | {
      readonly type: 'list';
      readonly 'element-id': number;
      readonly 'element-required': false;
      readonly element: IcebergType;
    }
  | { readonly type: 'struct'; readonly fields: readonly IcebergField[] };

/** A column, or a field of a struct. */
export interface IcebergField {
  readonly id: number;
  readonly name: string;
  readonly required: false;
  readonly type: IcebergType;
  readonly doc?: string;
}

/** Iceberg's types by Spark's names. Spark's timestamps are instants. */
const words: ReadonlyMap<string, string> = new Map([
  ...['string', 'boolean', 'int', 'double', 'date'].map((same) => [same, same] as const),
  ['bigint', 'long'],
  ['timestamp', 'timestamptz'],
]);

/**
 * Reads a type of Spark SQL; `nextId` numbers its parts.
 * @throws Error for an unknown type
 */
export function icebergType(text: string, nextId: () => number): IcebergType {
  const word = words.get(text);
  if (word !== undefined) return word;
  const [, precision, scale] = text.match(/^decimal\((\d+),\s*(\d+)\)$/) ?? [];
  if (precision !== undefined) return `decimal(${precision}, ${scale})`;
  const [, kind, inside = ''] = text.match(/^(array|struct)<(.+)>$/) ?? [];
  if (kind === 'array')
    return { type: 'list', 'element-id': nextId(), 'element-required': false, element: icebergType(inside, nextId) };
  if (kind === 'struct') return { type: 'struct', fields: partsOf(inside).map((part) => field(part, nextId)) };
  throw new Error(
    `a table is declared with a column of type ${text}; known: ${[...words.keys()].join(', ')}, decimal, array and struct`,
  );
}

function field(part: string, nextId: () => number): IcebergField {
  const [, name = '', type = ''] = part.match(/^(\w+):(.+)$/) ?? [];
  return { id: nextId(), name, required: false, type: icebergType(type, nextId) };
}

/** Splits a text at commas outside of brackets. */
function partsOf(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of text) {
    if ('<('.includes(letter)) depth += 1;
    if ('>)'.includes(letter)) depth -= 1;
    if (letter === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.map((part) => part.trim());
}
