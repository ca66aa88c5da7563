import type { GatewayRequest } from '../../../core/apis/gateway-request.ts';
import { beginsAsBase64, beginsAsJson } from './unpacking.ts';

/** The parts of a request that tell what its body is. */
export type Handed = Pick<GatewayRequest, 'body' | 'isBase64Encoded' | 'headers'>;

/** The bytes of a body. A gateway hands them over in base64 or as text. */
export const handedOver = ({ body, isBase64Encoded }: Handed): Buffer =>
  Buffer.from(body, isBase64Encoded && beginsAsBase64(body) ? 'base64' : 'utf8');

/** The compression of a body that is neither JSON nor gzip: its label, or else its first bytes. */
export function otherCoding(bytes: Buffer, { headers }: Handed): string | undefined {
  const label = labelledOtherwise(headers);
  if (label !== undefined) return label;
  const [first = 0, second = 0] = bytes;
  if (first === 0x28 && second === 0xb5) return 'zstd';
  if (first === 0x1f && second === 0x9d) return 'compress';
  // HTTP calls zlib `deflate`; this is zlib's header.
  return first === 0x78 && (first * 256 + second) % 31 === 0 ? 'deflate' : undefined;
}

/** Compressions that clients may name, besides gzip. Other labels, such as `utf-8`, are mistakes and are ignored. */
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
 * Whether a body that is not JSON was sent as gzip. No text begins with gzip's first byte. Without that byte, the label
 * must name gzip, and gzip's next two bytes or a gateway's replacement characters must be there.
 */
export const isDamagedGzip = (bytes: Buffer, { headers }: Handed): boolean =>
  bytes[0] === 0x1f ||
  (codingsOf(headers).includes('gzip') &&
    ((bytes[1] === 0x8b && bytes[2] === 0x08) || (!beginsAsJson(bytes) && bytes.includes(replaced))));

/** Payload format 2.0 has the names of headers in lower case. Other gateways keep the client's case. */
const codingsOf = (headers: Handed['headers']): string[] =>
  Object.entries(headers)
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value = '']) => value.toLowerCase().split(','))
    .map((coding) => coding.trim().replace(/^x-/, ''));
