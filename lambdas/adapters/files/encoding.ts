import { isUtf8 } from 'node:buffer';
import { BadFile } from '../../core/files/read-row.ts';
import type { Encoding } from '../../core/sources/file-form.ts';

/** Text of bytes; `flaw` says why some are none, and then the text shows these as `\xE9`. */
export interface Decoded {
  readonly text: string;
  readonly flaw?: string;
}

const nul = 'has a NUL character';

/** Reads bytes of an encoding. Bytes that are none of it are a flaw, and never replaced. */
export function decoder(encoding: Encoding): (bytes: Uint8Array) => Decoded {
  const read = readers[encoding];
  return (bytes) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const text = read(buffer);
    if (text === undefined) return { text: shown(buffer), flaw: `has bytes that are not ${encoding}` };
    return text.includes('\0') ? { text, flaw: nul } : { text };
  };
}

const shown = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replace(/[\0\x80-\xff]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

const utf16le = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true });

const readers: Readonly<Record<Encoding, (bytes: Buffer) => string | undefined>> = {
  'utf-8': (bytes) => (isUtf8(bytes) ? bytes.toString('utf8') : undefined),
  'utf-16le': wide,
  'utf-16be': (bytes) => (bytes.length % 2 === 0 ? wide(Buffer.from(bytes).swap16()) : undefined),
  'windows-1252': (bytes) => bytes.toString('latin1').replace(/[\x80-\x9f]/g, (sign) => windows.get(sign) ?? sign),
  'iso-8859-15': (bytes) => bytes.toString('latin1').replace(/[¤¦¨´¸¼½¾]/g, (sign) => latin9.get(sign) ?? sign),
};

function wide(bytes: Buffer): string | undefined {
  try {
    return utf16le.decode(bytes);
  } catch {
    return undefined;
  }
}

const pairs = (from: string, to: string): ReadonlyMap<string, string> => {
  const targets = [...to];
  return new Map([...from].map((sign, n) => [sign, targets[n] ?? sign]));
};
const latin9 = pairs('¤¦¨´¸¼½¾', '€ŠšŽžŒœŸ');
/** By code from 0x80 on. Five bytes have no sign, and are control characters as on the web. */
const windows = pairs(
  Array.from({ length: 32 }, (_, n) => String.fromCharCode(0x80 + n)).join(''),
  '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ',
);

/** Byte order marks, and the encodings that they tell. */
const marks: readonly { readonly bytes: readonly number[]; readonly encoding: Encoding }[] = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
];

/**
 * Bytes of the byte order mark at the beginning of a file.
 * @throws BadFile when it tells of another encoding than declared
 */
export function markLength(head: Uint8Array, encoding: Encoding): number {
  const mark = marks.find(({ bytes }) => bytes.every((byte, n) => head[n] === byte));
  if (mark === undefined) return 0;
  if (mark.encoding !== encoding)
    throw new BadFile(`is ${mark.encoding} by its byte order mark, and declared ${encoding}`);
  return mark.bytes.length;
}
