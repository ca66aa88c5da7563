import { type Line, mostRowBytes, tooLong } from '../../core/files/read-row.ts';
import type { Encoding } from '../../core/sources/file-form.ts';
import { decoder } from './encoding.ts';

/** Bytes of a line that is too long which stay, to show it. */
const head = 16_384;

/** Cuts bytes into physical lines, and holds at most one line that is not complete. */
export function lineSplitter(encoding: Encoding, first: { readonly byte: number }) {
  const decode = decoder(encoding);
  const feed = lineFeeds[encoding];
  const unit = feed === undefined ? 1 : 2;
  let held = Buffer.alloc(0);
  let line = 1;
  let byte = first.byte;
  /** Bytes of the line that were dropped because it is too long. */
  let dropped = 0;

  const lineOf = (bytes: Buffer, length: number): Line => {
    const place = { line, byte };
    line += 1;
    byte += dropped + length;
    if (dropped === 0 && bytes.length <= mostRowBytes) return { ...place, ...decode(bytes) };
    dropped = 0;
    return { ...place, text: decode(bytes.subarray(0, head)).text, flaw: tooLong, cut: true };
  };

  return {
    push(chunk: Uint8Array): Line[] {
      const all = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
      const lines: Line[] = [];
      let from = 0;
      for (let to = next(all, 0, feed); to !== -1; to = next(all, from, feed)) {
        lines.push(lineOf(all.subarray(from, to), to - from + unit));
        from = to + unit;
      }
      held = all.subarray(from);
      if (held.length > mostRowBytes) {
        // What is left must stay on the boundary of a character, so that line feeds are found.
        const kept = head + (held.length % unit);
        dropped += held.length - kept;
        held = Buffer.concat([held.subarray(0, head), held.subarray(held.length - (held.length % unit))]);
      }
      return lines;
    },
    end: (): Line[] => (held.length === 0 && dropped === 0 ? [] : [lineOf(held, held.length)]),
  };
}

/** The two bytes of a line feed, where there are two. */
const lineFeeds: Partial<Record<Encoding, readonly [number, number]>> = {
  'utf-16le': [0x0a, 0],
  'utf-16be': [0, 0x0a],
};

function next(bytes: Buffer, from: number, feed: readonly [number, number] | undefined): number {
  if (feed === undefined) return bytes.indexOf(0x0a, from);
  for (let at = from; at + 1 < bytes.length; at += 2) if (bytes[at] === feed[0] && bytes[at + 1] === feed[1]) return at;
  return -1;
}
