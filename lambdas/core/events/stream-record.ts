/** A stream record may hold 1 MiB with its partition key, and Firehose accepts 1,000 KiB; this limit is below both. */
export const recordBytes = 1000 * 1024 - 256;

/** One event as a line of NDJSON, with the key that selects its shard. */
export interface Line {
  readonly json: string;
  readonly person?: string | undefined;
}

/** Lines in one record: NDJSON text that ends in a newline, sharded by its first line's person. */
export interface Packed {
  readonly text: string;
  readonly person?: string | undefined;
}

/** Packs lines in order into as few records as the limit allows. A line beyond the limit gets its own record. */
export function packLines(lines: readonly Line[], maxBytes: number = recordBytes): Packed[] {
  const packs: Line[][] = [];
  let room = 0;
  for (const line of lines) {
    const size = utf8Bytes(line.json) + 1;
    if (size > room) {
      packs.push([]);
      room = maxBytes;
    }
    packs.at(-1)?.push(line);
    room -= size;
  }
  return packs.map((pack) => ({ text: pack.map(({ json }) => `${json}\n`).join(''), person: pack[0]?.person }));
}

const encoder = new TextEncoder();

/** Counts the bytes of a text in UTF-8. */
export const utf8Bytes = (text: string): number => encoder.encode(text).length;
