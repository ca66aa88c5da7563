import { sourceOf } from '../people/message.ts';
import { trusted } from '../people/settings.ts';

/** What one message says of one trait. */
interface TraitStatement {
  readonly name: string;
  readonly value: unknown;
  readonly timestamp: string;
  readonly messageId: string;
}

const longest = 8 * 1024;
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Bytes that a statement takes of its profile's room. */
export function takes({ name, value, messageId }: TraitStatement): number {
  const bytes = 40 + bytesOf(messageId) + (bytesOf(value) > longest ? 0 : bytesOf(value));
  let room = 128;
  while (room < bytes) room *= 2;
  return room + Buffer.byteLength(name);
}

/**
 * The values that a profile keeps, of all that was said in time's order: the last words, from the newest on, as far as
 * 48 KB go; of a trait with trusted sources those of each source, and then the most trusted one's that has any. Shares
 * no code with the platform.
 */
export function keptValues(inTime: readonly TraitStatement[]): Map<string, unknown> {
  const words = new Map<string, Map<string, Word>>();
  const largest = new Map<string, number>();
  let isBeyond = false;
  for (const statement of inTime.toReversed()) {
    const { name, value, messageId } = statement;
    const source = trusted[name] ? sourceOf(messageId) : 'anybody';
    const key = `${name} ${source}`;
    largest.set(key, Math.max(takes(statement), largest.get(key) ?? 0));
    isBeyond ||= [...largest.values()].reduce((a, b) => a + b) > 48 * 1024;
    const said = words.get(name) ?? new Map<string, Word>();
    words.set(name, said);
    const isKept = !isBeyond && bytesOf(value) <= longest;
    if (!said.has(source)) said.set(source, { value: isKept ? value : null, stands: !isKept || value !== null });
  }
  const values = [...words].map(([name, said]) => [name, survivorOf(said, trusted[name] ?? [])] as const);
  return new Map(values.filter(([, value]) => value !== null));
}

/** A source's last word, and whether it is a value, if only one without room. */
interface Word {
  readonly value: unknown;
  readonly stands: boolean;
}

/** Of words from the newest to the oldest. */
function survivorOf(said: ReadonlyMap<string, Word>, sources: readonly string[]): unknown {
  const standing = [...said].filter(([, { stands }]) => stands);
  const named = sources.flatMap((source) => standing.filter(([by]) => by === source));
  return [...named, ...standing][0]?.[1].value ?? null;
}
