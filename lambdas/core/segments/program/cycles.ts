import { type Flaw, reading } from './compiler.ts';

type Rules = ReadonlyMap<string, { readonly reads: ReadonlySet<string> }>;

const prefix = reading.segment('');
const segmentsOf = (reads: ReadonlySet<string>): string[] =>
  [...reads].filter((read) => read.startsWith(prefix)).map((read) => read.slice(prefix.length));

/** Segments that read themselves through others, and segments that nobody defines. */
export function cyclesIn(
  rules: readonly (readonly [string, { readonly reads: ReadonlySet<string>; readonly n: number }])[],
): Flaw[] {
  const known: Rules = new Map(rules);
  return rules.flatMap(([key, { reads, n }]) => {
    const unknown = segmentsOf(reads).filter((other) => !known.has(other));
    const told = unknown.map((other) => `no segment has the key "${other}"; known: ${[...known.keys()].join(', ')}`);
    const way = wayBack(key, known);
    const messages = way === undefined ? told : [...told, `must not depend on itself; got ${way.join(' → ')}`];
    return messages.map((message) => ({ path: ['segments', n, 'where'], message }));
  });
}

/** The way from a segment to itself. */
function wayBack(key: string, rules: Rules): readonly string[] | undefined {
  const open: (readonly string[])[] = [[key]];
  const seen = new Set<string>();
  for (let way = open.pop(); way !== undefined; way = open.pop())
    for (const next of segmentsOf(rules.get(way.at(-1) ?? '')?.reads ?? new Set())) {
      if (next === key) return [...way, key];
      if (!seen.has(next)) open.push([...way, next]);
      seen.add(next);
    }
  return undefined;
}

/** All that a segment reads, itself and through others. */
export function readThrough(key: string, rules: Rules): ReadonlySet<string> {
  const reads = new Set<string>();
  const seen = new Set([key]);
  const open = [key];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const read of rules.get(next)?.reads ?? []) {
      reads.add(read);
      for (const other of segmentsOf(new Set([read])).filter((each) => !seen.has(each))) {
        seen.add(other);
        open.push(other);
      }
    }
  return reads;
}
