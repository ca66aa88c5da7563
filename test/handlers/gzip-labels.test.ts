import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { collectInMemory, post, serverKey } from '../fixtures/collect.ts';
import { basic } from '../fixtures/http-request.ts';

const json = JSON.stringify({ batch: [{ type: 'track', event: 'Ünïcode 😀', userId: 'u' }] });
const bodies = [
  ['JSON', Buffer.from(json)],
  ['gzip', gzipSync(json)],
] as const;
const types = [
  undefined,
  '',
  'application/json',
  'Application/JSON; charset=UTF-8',
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'application/gzip',
  'APPLICATION/GZIP',
  'nonsense',
];
const encodings = [undefined, '', 'gzip', 'GZIP', ' Gzip ', 'x-gzip', 'identity', 'gzip, gzip', 'br', 'nonsense'];

/** A gateway hands bytes over as base64, or as a character each; which of them it takes for text is its own affair. */
const forms = [
  ['base64', (bytes: Buffer) => ({ body: bytes.toString('base64'), isBase64Encoded: true })],
  ['text', (bytes: Buffer) => ({ body: bytes[0] === 0x1f ? bytes.toString('latin1') : bytes.toString('utf8'), isBase64Encoded: false })],
] as const;

it.each(bodies.flatMap(([name, bytes]) => forms.map(([form, handed]) => ({ name, form, ...handed(bytes) }))))(
  '$name handed over as $form is read under every label',
  async ({ body, isBase64Encoded }) => {
    for (const type of types)
      for (const encoding of encodings) {
        const collect = collectInMemory();
        const headers = { ...basic(serverKey), 'content-type': type, 'content-encoding': encoding };
        const { status } = await collect.request({ ...post('/v1/batch', ''), headers, handed: { body, isBase64Encoded } });
        expect({ type, encoding, status, events: collect.events().map(({ event }) => event) }).toEqual({
          type,
          encoding,
          status: 200,
          events: ['Ünïcode 😀'],
        });
      }
  },
);
