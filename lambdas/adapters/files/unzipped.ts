import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BadFile, TooLarge } from '../../core/files/read-row.ts';

/** How much of a file is read. */
export interface Limits {
  /** Most bytes as unpacked. */
  readonly bytes: number;
}

/** Bytes out of one byte in: text packs 20 times smaller, at most 100; deflate could 1,032 times. */
const mostRatio = 200;
/** Below so many bytes, nobody is harmed. */
const harmless = 16_777_216;

/** Beginnings of files that are no text. */
const others: readonly { readonly bytes: readonly number[]; readonly name: string }[] = [
  { bytes: [0x50, 0x4b, 3, 4], name: 'a ZIP archive' },
  { bytes: [0x50, 0x41, 0x52, 0x31], name: 'a Parquet file' },
  { bytes: [0x42, 0x5a, 0x68], name: 'compressed by bzip2' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], name: 'compressed by Zstandard' },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], name: 'compressed by xz' },
];

/**
 * The bytes of a file of text, unpacked if they are gzip.
 * @throws BadFile when it is a bomb, broken or something else; TooLarge when there are more bytes than allowed
 */
export async function* unzipped(chunks: AsyncIterable<Uint8Array>, limits: Limits): AsyncGenerator<Uint8Array> {
  const { head, rest } = await begun(chunks);
  const is = others.find(({ bytes }) => bytes.every((byte, n) => head[n] === byte));
  if (is !== undefined) throw new BadFile(`is ${is.name}; send text, or text compressed by gzip`);
  let bytes = 0;
  for await (const chunk of head[0] === 0x1f && head[1] === 0x8b ? gunzipped(rest) : rest) {
    bytes += chunk.length;
    if (bytes > limits.bytes) throw new TooLarge(`has more than ${limits.bytes} bytes`);
    yield chunk;
  }
}

/** The first bytes of a file, and all of them. */
async function begun(chunks: AsyncIterable<Uint8Array>) {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array();
  while (head.length < 6) {
    const { value, done } = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return { head, rest: joined(head, iterator) };
}

async function* joined(head: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let packed = 0;
  let unpacked = 0;
  const counted = async function* () {
    for await (const chunk of chunks) {
      packed += chunk.length;
      yield chunk;
    }
  };
  const gunzip = createGunzip();
  const end = pipeline(Readable.from(counted(), { objectMode: false }), gunzip).catch(() => undefined);
  try {
    for await (const chunk of gunzip) {
      unpacked += chunk.length;
      if (unpacked > harmless && unpacked > packed * mostRatio)
        throw new BadFile(`is a bomb: ${packed} bytes of gzip are more than ${unpacked} bytes`);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof BadFile) throw error;
    throw new BadFile('is gzip that is broken or ends early');
  } finally {
    gunzip.destroy();
    await end;
  }
  if (gunzip.bytesWritten !== packed) throw new BadFile('has something after the end of its gzip');
}
