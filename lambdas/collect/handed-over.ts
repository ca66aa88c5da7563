import type { GatewayRequest } from '../core/gateway-request.ts';

/** What of a request says what its body is. */
export type Handed = Pick<GatewayRequest, 'body' | 'isBase64Encoded' | 'headers'>;

/** A body as the client sent it; `lost` says that a gateway took its compressed bytes for text, and that they cannot be had again. */
export interface HandedOver {
  readonly bytes: Buffer;
  readonly lost: boolean;
}

const replaced = Buffer.from('\uFFFD');

/** Finds the bytes that a client sent, whether the gateway handed them over in base64, as a character each, as text, or inflated. */
export function handedOver({ body, isBase64Encoded, headers }: Handed): HandedOver {
  const inBase64 = isBase64Encoded ? base64Sign.test(body) : holdsBase64(body);
  const bytes = Buffer.from(body, inBase64 ? 'base64' : 'utf8');
  // No JSON begins with this byte, and every gzip does.
  if (bytes[0] !== 0x1f || isGzip(bytes)) return { bytes, lost: false };
  const restored = fromCharacters(bytes.toString('utf8'));
  if (restored !== undefined) return { bytes: restored, lost: false };
  return { bytes, lost: labelledOtherwise(headers) === undefined && (!inBase64 || bytes.includes(replaced)) };
}

/** Whether bytes begin as gzip does. */
export const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** What is base64 begins with one of these signs, and what is JSON does not, but for numbers and words, which are no events. */
const base64Sign = /^[A-Za-z0-9+/_-]/;
const allBase64 = /^[A-Za-z0-9+/_=\s-]+$/;

/** A gateway may forget to say that it wrote base64. */
function holdsBase64(body: string): boolean {
  if (!base64Sign.test(body) || !allBase64.test(body)) return false;
  const bytes = Buffer.from(body, 'base64');
  return isGzip(bytes) || /^\s*[[{]/.test(bytes.subarray(0, 100).toString('latin1'));
}

/** A gateway that takes gzip for text may make each byte a character, which loses nothing. */
function fromCharacters(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'latin1');
  return isGzip(bytes) && bytes.toString('latin1') === text ? bytes : undefined;
}

/** The compression of a body that is neither JSON nor gzip, by its label or else by its first bytes. */
export function otherCoding(bytes: Buffer, { headers }: Handed): string | undefined {
  const label = labelledOtherwise(headers);
  if (label !== undefined) return label;
  const [first = 0, second = 0] = bytes;
  if (first === 0x28 && second === 0xb5) return 'zstd';
  if (first === 0x1f && second === 0x9d) return 'compress';
  // The header of zlib, which is what HTTP calls deflate.
  return first === 0x78 && (first * 256 + second) % 31 === 0 ? 'deflate' : undefined;
}

/** Compressions that clients may name, besides gzip. Other labels, such as `utf-8`, are somebody's mistake and say nothing. */
const others: ReadonlySet<string> = new Set(['br', 'bzip2', 'compress', 'dcb', 'dcz', 'deflate', 'lz4', 'lzma', 'snappy', 'xz', 'zstd']);

const labelledOtherwise = (headers: Handed['headers']): string | undefined => codingsOf(headers).find((coding) => others.has(coding));

/** Whether a body that is no JSON was labelled as gzip and holds signs that a gateway put in the place of bytes. */
export const isLostGzip = (bytes: Buffer, { headers }: Handed): boolean =>
  codingsOf(headers).includes('gzip') && bytes.includes(replaced) && !/^\s*[[{]/.test(bytes.subarray(0, 100).toString('latin1'));

/** Names of headers are in lower case in payload format 2.0; other gateways keep them as they came. */
const codingsOf = (headers: Handed['headers']): string[] =>
  Object.entries(headers)
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value = '']) => value.toLowerCase().split(','))
    .map((coding) => coding.trim().replace(/^x-/, ''));
