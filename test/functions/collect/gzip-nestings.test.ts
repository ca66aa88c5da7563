import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../lambdas/core/events/event.ts';
import { collectInMemory, post } from '../../fixtures/in-memory/collect.ts';

const batch = (size: number): string =>
  JSON.stringify({ batch: Array.from({ length: size }, (_, n) => ({ type: 'page', userId: `ü${n}` })) });
const full = `{"batch":[{"type":"page","userId":"u"}]}`.padEnd(limits.batchBytes);

/** Ways to pack a body, each of which may lie in any other. */
const packings: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gzipSync(bytes),
  base64: (bytes) => Buffer.from(bytes.toString('base64')),
  'base64 of the URL alphabet': (bytes) => Buffer.from(bytes.toString('base64url')),
  'base64 in lines': (bytes) => Buffer.from(bytes.toString('base64').replace(/.{76}/g, '$&\r\n')),
};
const nesting = fc.array(fc.constantFrom(...Object.keys(packings)), { maxLength: 5 });
const pack = (names: readonly string[], bytes: Buffer): Buffer =>
  names.reduce((inner, name) => packings[name]?.(inner) ?? inner, bytes);

const hands = [
  { isBase64Encoded: true, body: (bytes: Buffer) => bytes.toString('base64') },
  { isBase64Encoded: false, body: (bytes: Buffer) => bytes.toString('base64') },
  { isBase64Encoded: false, body: (bytes: Buffer) => bytes.toString('latin1'), first: 'gzip' },
];

async function send(
  bytes: Buffer,
  { isBase64Encoded, body }: (typeof hands)[number] = hands[0] as (typeof hands)[number],
  labels = {},
) {
  const collect = collectInMemory();
  const { status, body: answer } = await collect.request({
    ...post('/v1/batch', ''),
    handed: { body: body(bytes), isBase64Encoded, ...labels },
  });
  return { status, code: answer.code, users: collect.events().map(({ userId }) => userId), collect };
}

describe('gzip in gzip, base64 in base64, and either in the other', () => {
  it('are read, however a gateway hands them over', () =>
    fc.assert(
      fc.asyncProperty(
        nesting,
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(...hands),
        async (names, size, hand) => {
          const packed = pack([...names, ...(hand.first === undefined ? [] : [hand.first])], Buffer.from(batch(size)));
          expect(await send(packed, hand)).toMatchObject({
            status: 200,
            users: Array.from({ length: size }, (_, n) => `ü${n}`),
          });
        },
      ),
    ));

  it.each([
    ['gzip', 'gzip'],
    ['base64', 'base64'],
    ['base64', 'gzip'],
    ['gzip', 'base64', 'gzip'],
  ])('as %s of %s, with a full batch', async (...names) =>
    expect(await send(pack(names, Buffer.from(full)))).toMatchObject({ status: 200, users: ['u'] }),
  );

  it('hold to one limit for all that comes out: a bomb in layers is too large, whichever layer it lies in', async () => {
    const bomb = Buffer.alloc(50 * 1024 * 1024, ' ');
    for (const names of [['gzip'], ['gzip', 'gzip'], ['gzip', 'base64', 'gzip'], ['gzip', 'gzip', 'gzip', 'gzip']])
      expect(await send(pack(names, bomb))).toMatchObject({ status: 413, code: 'too_large', users: [] });
    const noise = Buffer.from(
      Array.from({ length: limits.batchBytes * 0.6 }, (_, n) => (n * 7919 * ((n >> 3) + 31)) >>> 5),
    );
    const layers = pack(['gzip', 'gzip', 'gzip'], noise);
    expect((await send(layers)).status).toBe(413);
  });

  it('are refused for good where whole gzip holds no JSON', async () => {
    for (const inner of ['{"batch":[', 'nonsense', '{"batch":[\uFFFD'])
      expect(await send(pack(['gzip', 'gzip'], Buffer.from(inner)))).toMatchObject({
        status: 400,
        code: 'invalid_request',
      });
  });
});

describe('gzip that was damaged on its way is to be sent again', () => {
  const whole = gzipSync(batch(3));
  const damaged = { status: 503, code: 'damaged', users: [] };

  it('cut off anywhere, in whichever layer', async () => {
    for (let at = 2; at < whole.length; at++)
      for (const names of [[], ['base64'], ['gzip'], ['gzip', 'base64']])
        expect(await send(pack(names, whole.subarray(0, at))), `${names} of ${at} bytes`).toMatchObject(
          at > 1 || names[0] !== 'base64' ? damaged : {},
        );
  });

  it('with another checksum or length', async () => {
    for (const at of Array.from({ length: 8 }, (_, n) => whole.length - 8 + n)) {
      const { collect, ...answer } = await send(flip(whole, at, 1));
      expect(answer).toMatchObject(damaged);
      expect(collect.quarantined()).toEqual([]);
    }
  });

  it('with any byte changed: never refused for good, nor read as something else', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const bytes = flip(whole, at, mask);
        // As another compression begins.
        fc.pre(bytes[1] !== 0x9d);
        const { status, users } = await send(bytes, hands[0], {
          headers: { ...post('/', '').headers, 'content-encoding': 'gzip' },
        });
        if (status === 200) expect([users, readable(bytes)]).toEqual([['ü0', 'ü1', 'ü2'], true]);
        else expect(status).toBe(503);
      }),
      // The first byte becomes that of a list or an object.
      { examples: [...'[{'].map((begin) => [0, 0x1f ^ begin.charCodeAt(0)] as [number, number]) },
    ));
});

const flip = (bytes: Buffer, at: number, mask: number): Buffer =>
  Buffer.from(bytes.map((byte, n) => (n === at ? byte ^ mask : byte)));

/** Name, time and system of a gzip have no checksum. */
function readable(bytes: Buffer): boolean {
  try {
    return gunzipSync(bytes).toString() === batch(3);
  } catch {
    return false;
  }
}
