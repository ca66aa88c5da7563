import type { GatewayRequest } from '../../core/apis/gateway-request.ts';
import { beginsAsBase64, beginsAsJson } from './unpacking.ts';

/** What of a request says what its body is. */
export type Handed = Pick<GatewayRequest, 'body' | 'isBase64Encoded' | 'headers'>;

/** The bytes that a gateway handed over: in base64, by its word and its first sign, or as text. */
export const handedOver = ({ body, isBase64Encoded }: Handed): Buffer =>
  Buffer.from(body, isBase64Encoded && beginsAsBase64(body) ? 'base64' : 'utf8');

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
const others: ReadonlySet<string> = new Set([
  'br',
  'bzip2',
  'compress',
  'dcb',
  'dcz',
  'deflate',
  'lz4',
  'lzma',
  'snappy',
  'xz',
  'zstd',
]);

const labelledOtherwise = (headers: Handed['headers']): string | undefined =>
  codingsOf(headers).find((coding) => others.has(coding));

const replaced = Buffer.from('\uFFFD');

/**
 * Whether a body that is no JSON was gzip when it was sent: no text begins with its first byte, and where that is lost, too, its label
 * says so, and the two bytes behind it or signs that a gateway put in the place of bytes.
 */
export const isDamagedGzip = (bytes: Buffer, { headers }: Handed): boolean =>
  bytes[0] === 0x1f ||
  (codingsOf(headers).includes('gzip') &&
    !beginsAsJson(bytes) &&
    (bytes.includes(replaced) || (bytes[1] === 0x8b && bytes[2] === 0x08)));

/** Names of headers are in lower case in payload format 2.0; other gateways keep them as they came. */
const codingsOf = (headers: Handed['headers']): string[] =>
  Object.entries(headers)
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value = '']) => value.toLowerCase().split(','))
    .map((coding) => coding.trim().replace(/^x-/, ''));
