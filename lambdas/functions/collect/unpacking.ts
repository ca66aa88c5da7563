import { gunzipSync } from 'node:zlib';
import { limits } from '../../core/events/event.ts';

/** What may come out of a body's gzip, of all its layers together: somewhat more than a batch, for a layer may be base64. */
const mostUnpacked = limits.batchBytes * 1.5;

/**
 * What lies in a body's gzip and base64, however often one lies in the other: a proxy may pack what its client had packed. What does
 * not fit its own checksum is broken, and what is too long is huge.
 */
export function unpacked(sent: Buffer): Buffer | 'huge' | 'broken' {
  let bytes = sent;
  let room = mostUnpacked;
  for (;;) {
    const inner = isGzip(bytes) ? gunzip(bytes, room) : (fromCharacters(bytes) ?? fromBase64(bytes));
    if (inner === undefined) return bytes;
    if (typeof inner === 'string') return inner;
    if (isGzip(bytes)) room -= inner.length;
    bytes = inner;
  }
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function gunzip(bytes: Buffer, room: number): Buffer | 'huge' | 'broken' {
  // What is too long even compressed is not worth unpacking.
  if (bytes.length > mostUnpacked || room < 1) return 'huge';
  try {
    return gunzipSync(bytes, { maxOutputLength: room });
  } catch (error) {
    return error instanceof RangeError ? 'huge' : 'broken';
  }
}

/** A gateway that takes gzip for text may make each byte a character, which loses nothing. */
function fromCharacters(bytes: Buffer): Buffer | undefined {
  if (bytes[0] !== 0x1f) return undefined;
  const text = bytes.toString('utf8');
  const restored = Buffer.from(text, 'latin1');
  return isGzip(restored) && restored.toString('latin1') === text ? restored : undefined;
}

const allBase64 = /^[A-Za-z0-9+/_=\s-]+$/;
/** How gzip begins: as it is, with each byte a character, and where a gateway replaced what is no text. */
const gzipStarts = [Buffer.from([0x1f, 0x8b]), Buffer.from('\u001f\u008b'), Buffer.from('\u001f\ufffd')];

/** What was written in base64, once or oftener; a gateway may forget to say that it did. */
function fromBase64(bytes: Buffer): Buffer | undefined {
  if (!beginsAsBase64(bytes.toString('latin1', 0, 1)) || !allBase64.test(bytes.toString('latin1'))) return undefined;
  const inner = Buffer.from(bytes.toString('latin1'), 'base64');
  return beginsAsJson(inner) || gzipStarts.some((start) => start.equals(inner.subarray(0, start.length)))
    ? inner
    : fromBase64(inner);
}

/** Whether a text begins with a sign of base64, as no JSON does but numbers and words, which are no events. */
export const beginsAsBase64 = (text: string): boolean => /^[A-Za-z0-9+/_-]/.test(text);

/** Whether bytes begin as a JSON object or list does. */
export const beginsAsJson = (bytes: Buffer): boolean =>
  /^(?:\xef\xbb\xbf)?\s*[[{]/.test(bytes.toString('latin1', 0, 100));
