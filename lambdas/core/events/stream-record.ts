/** A stream record may hold 1 MiB with its partition key; Firehose counts 1,000 KiB. What is packed stays under both. */
export const recordBytes = 1000 * 1024 - 256;

/** One accepted or rejected event as a line of NDJSON, with what decides which shard it goes to. */
export interface Line {
  readonly json: string;
  readonly person?: string | undefined;
}

/** Lines that go out together: NDJSON text ending in a newline, sharded by its first line's person. */
export interface Packed {
  readonly text: string;
  readonly person?: string | undefined;
}

/** Packs lines into as few records as the limit allows, in order. A line longer than the limit gets a record of its own. */
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
