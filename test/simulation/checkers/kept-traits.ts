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
 * 48 KB go. Shares no code with the platform.
 */
export function keptValues(inTime: readonly TraitStatement[]): Map<string, unknown> {
  const kept = new Map<string, unknown>();
  const largest = new Map<string, number>();
  for (const statement of inTime.toReversed()) {
    largest.set(statement.name, Math.max(takes(statement), largest.get(statement.name) ?? 0));
    if ([...largest.values()].reduce((a, b) => a + b) > 48 * 1024) break;
    if (!kept.has(statement.name))
      kept.set(statement.name, bytesOf(statement.value) > longest ? null : statement.value);
  }
  return new Map([...kept].filter(([, value]) => value !== null));
}
