import { gunzipSync } from 'node:zlib';
import { limits } from '../../../core/events/event.ts';

/**
 * Most bytes that all layers of a body's gzip may hold together. It is more than a batch, because a layer may be
 * base64.
 */
const mostUnpacked = limits.batchBytes * 1.5;

/**
 * Unpacks a body's gzip and base64, in any number of layers: a proxy may pack a body that its client had packed. The
 * result is `broken` when a checksum is wrong, and `huge` when there are too many bytes.
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
  // A body that is too long even when compressed is not unpacked.
  if (bytes.length > mostUnpacked || room < 1) return 'huge';
  try {
    return gunzipSync(bytes, { maxOutputLength: room });
  } catch (error) {
    return error instanceof RangeError ? 'huge' : 'broken';
  }
}

/** A gateway that takes gzip for text may turn each byte into a character. That loses nothing. */
function fromCharacters(bytes: Buffer): Buffer | undefined {
  if (bytes[0] !== 0x1f) return undefined;
  const text = bytes.toString('utf8');
  const restored = Buffer.from(text, 'latin1');
  return isGzip(restored) && restored.toString('latin1') === text ? restored : undefined;
}

const allBase64 = /^[A-Za-z0-9+/_=\s-]+$/;
/** The first bytes of gzip: as they are, with each byte a character, and with replacement characters of a gateway. */
const gzipStarts = [Buffer.from([0x1f, 0x8b]), Buffer.from('\u001f\u008b'), Buffer.from('\u001f\ufffd')];

/** Decodes base64, in any number of layers. A gateway may forget to label it. */
function fromBase64(bytes: Buffer): Buffer | undefined {
  if (!beginsAsBase64(bytes.toString('latin1', 0, 1)) || !allBase64.test(bytes.toString('latin1'))) return undefined;
  const inner = Buffer.from(bytes.toString('latin1'), 'base64');
  return beginsAsJson(inner) || gzipStarts.some((start) => start.equals(inner.subarray(0, start.length)))
    ? inner
    : fromBase64(inner);
}

/** Whether a text begins with a character of base64. JSON does so only for numbers and words, which are not events. */
export const beginsAsBase64 = (text: string): boolean => /^[A-Za-z0-9+/_-]/.test(text);

/** Whether bytes begin like a JSON object or list. */
export const beginsAsJson = (bytes: Buffer): boolean =>
  /^(?:\xef\xbb\xbf)?\s*[[{]/.test(bytes.toString('latin1', 0, 100));
