import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { basic } from '../../fakes/http-request.ts';
import { collectInMemory, post, serverKey } from '../../fixtures/in-memory/collect.ts';

const batch = (size: number): string =>
  JSON.stringify({ batch: Array.from({ length: size }, () => ({ type: 'track', event: 'Ünïcode 😀', userId: 'u' })) });
const json = Buffer.from(batch(1));
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
const encodings = [
  undefined,
  '',
  'gzip',
  'GZIP',
  ' Gzip ',
  'x-gzip',
  'identity',
  'gzip, gzip',
  'aws-chunked, gzip',
  'br',
  'utf-8',
  'nonsense',
];
const labels = types.flatMap((type) => encodings.map((encoding) => ({ type, encoding })));

interface Handed {
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Every way in which a gateway may hand bytes over without losing one. */
const whole: Readonly<Record<string, (bytes: Buffer) => Handed>> = {
  base64: (bytes) => ({ body: bytes.toString('base64'), isBase64Encoded: true }),
  'base64 that nobody says is base64': (bytes) => ({ body: bytes.toString('base64'), isBase64Encoded: false }),
  'base64 of the URL alphabet': (bytes) => ({ body: bytes.toString('base64url'), isBase64Encoded: true }),
  'base64 in lines': (bytes) => ({
    body: bytes.toString('base64').replace(/.{76}/g, '$&\r\n'),
    isBase64Encoded: false,
  }),
};
const asText: Readonly<Record<string, (bytes: Buffer) => Handed>> = {
  'a character a byte': (bytes) => ({ body: bytes.toString('latin1'), isBase64Encoded: false }),
  'a character a byte, said to be base64': (bytes) => ({ body: bytes.toString('latin1'), isBase64Encoded: true }),
  'base64 of a character a byte': (bytes) => ({
    body: Buffer.from(bytes.toString('latin1')).toString('base64'),
    isBase64Encoded: true,
  }),
};
const inflated: Readonly<Record<string, (bytes: Buffer) => Handed>> = {
  text: (bytes) => ({ body: bytes.toString('utf8'), isBase64Encoded: false }),
  'text that is said to be base64': (bytes) => ({ body: bytes.toString('utf8'), isBase64Encoded: true }),
};

/** Ways in which bytes are lost: what cannot be decoded is replaced or left out. */
const lossy: Readonly<Record<string, (bytes: Buffer) => Handed>> = {
  'text with U+FFFD': (bytes) => ({ body: bytes.toString('utf8'), isBase64Encoded: false }),
  'text with U+FFFD, said to be base64': (bytes) => ({ body: bytes.toString('utf8'), isBase64Encoded: true }),
  'base64 of text with U+FFFD': (bytes) => ({
    body: Buffer.from(bytes.toString('utf8')).toString('base64'),
    isBase64Encoded: true,
  }),
  'text with question marks': (bytes) => ({
    body: bytes.toString('latin1').replace(/[\x80-\xff]/g, '?'),
    isBase64Encoded: false,
  }),
  'text with nothing there': (bytes) => ({
    body: bytes.toString('latin1').replace(/[\x80-\xff]/g, ''),
    isBase64Encoded: false,
  }),
};

const send = async (handed: Handed, { type, encoding }: (typeof labels)[number], name = 'content-encoding') => {
  const collect = collectInMemory();
  const headers = { ...basic(serverKey), 'content-type': type, [name]: encoding };
  return { collect, ...(await collect.request({ ...post('/v1/batch', ''), headers, handed })) };
};

const taken = [
  ...Object.entries({ ...whole, ...asText }).map(([form, hand]) => ({
    name: 'gzip',
    form,
    handed: hand(gzipSync(json)),
  })),
  ...Object.entries({ ...whole, ...inflated }).map(([form, hand]) => ({ name: 'JSON', form, handed: hand(json) })),
];

it.each(taken)('$name handed over as $form is read under every label', async ({ handed }) => {
  for (const label of labels) {
    const { status, collect } = await send(handed, label);
    expect({ ...label, status, events: collect.events().map(({ event }) => event) }).toEqual({
      ...label,
      status: 200,
      events: ['Ünïcode 😀'],
    });
  }
});

describe('gzip whose bytes were lost', () => {
  const sizes = [1, 20, 2500];
  const lost = Object.entries(lossy).flatMap(([form, hand]) =>
    sizes.map((size) => ({ form, size, handed: hand(gzipSync(batch(size))) })),
  );
  const unnamed = labels.filter(({ encoding }) => encoding !== 'br');

  it.each(lost)('as $form, $size events: to be sent again, counted, told, and not kept', async ({ handed }) => {
    for (const label of unnamed) {
      const { status, headers, body, collect } = await send(handed, label);
      expect({ ...label, status, code: body.code, wait: headers?.['retry-after'] }).toEqual({
        ...label,
        status: 503,
        code: 'damaged',
        wait: '5',
      });
      expect(collect.counts).toEqual([{ damaged: 1 }]);
      expect(collect.warnings).toEqual([[expect.stringContaining('damaged'), { source: 'backend' }]]);
      expect([...collect.events(), ...collect.quarantined()]).toEqual([]);
    }
  });

  it('is told so too where its first byte was dropped and its label is there, under any case of the header', async () => {
    for (const name of ['content-encoding', 'Content-Encoding', 'CONTENT-ENCODING'])
      expect(
        (await send({ body: '\uFFFD\b\0\uFFFD', isBase64Encoded: false }, { type: undefined, encoding: 'gzip' }, name))
          .status,
      ).toBe(503);
  });

  it('is not taken for it: broken JSON with U+FFFD that a gateway inflated, and whole gzip of broken JSON', async () => {
    const broken = gzipSync('{"batch":[');
    for (const body of ['{"batch":[\uFFFD', broken.toString('latin1'), broken.toString('base64')]) {
      const { status, collect } = await send(
        { body, isBase64Encoded: false },
        { type: 'application/json', encoding: 'gzip' },
      );
      expect({ status, kept: collect.quarantined().length, counts: collect.counts }).toMatchObject({
        status: 400,
        kept: 1,
        counts: [{ refused: 1 }],
      });
    }
  });

  it('is not taken for it: broken JSON with a label that is none of a compression', async () => {
    const { status, body } = await send(
      { body: '{"batch":', isBase64Encoded: false },
      { type: 'application/json', encoding: 'utf-8' },
    );
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  });

  it('of an unknown sender is unauthorized, as all else is', async () => {
    const handed = { body: gzipSync(json).toString('utf8'), isBase64Encoded: false };
    const headers = basic('nobody');
    expect((await collectInMemory().request({ ...post('/v1/batch', ''), headers, handed })).status).toBe(401);
  });
});

describe('another compression is refused by its name, kept, and not to be sent again', () => {
  const others = [
    { coding: 'br', bytes: brotliCompressSync(json), labelled: true },
    { coding: 'deflate', bytes: deflateSync(json), labelled: true },
    { coding: 'deflate', bytes: deflateRawSync(json), labelled: true },
    { coding: 'deflate', bytes: deflateSync(json), labelled: false },
    { coding: 'zstd', bytes: Buffer.from('28b52ffd0458', 'hex'), labelled: true },
    { coding: 'snappy', bytes: Buffer.from('ff060000734e61507059', 'hex'), labelled: true },
    { coding: 'zstd', bytes: Buffer.from('28b52ffd0458', 'hex'), labelled: false },
    { coding: 'compress', bytes: Buffer.from('1f9d9041', 'hex'), labelled: true },
    { coding: 'compress', bytes: Buffer.from('1f9d9041', 'hex'), labelled: false },
  ];
  const hands = { ...whole, ...lossy };

  it.each(others)('$coding, labelled: $labelled', async ({ coding, bytes, labelled }) => {
    for (const [form, hand] of Object.entries(labelled ? hands : { base64: whole.base64 ?? hands.base64 }))
      for (const type of types) {
        const { status, headers, body, collect } = await send(hand?.(bytes) ?? { body: '', isBase64Encoded: false }, {
          type,
          encoding: labelled ? coding.toUpperCase() : undefined,
        });
        const context = `${form} ${type}: ${JSON.stringify(body)}`;
        expect(status, context).toBe(415);
        expect(body, context).toMatchObject({
          success: false,
          code: 'unsupported_encoding',
          message: expect.stringContaining(` ${coding};`),
        });
        expect(headers).toMatchObject({ 'accept-encoding': 'gzip' });
        expect(collect.quarantined(), context).toHaveLength(1);
      }
  });
});
