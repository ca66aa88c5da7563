import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { basic } from '../../fakes/http-request.ts';
import { browserKey, collectInMemory, serverKey } from '../../fixtures/in-memory/collect.ts';

/** How a key may be said that is none, or not at all; a damaged body hides the key that it holds. */
const senders = [
  { who: 'nobody', headers: {}, query: '' },
  { who: 'a wrong key in the header', headers: basic('wrong'), query: '' },
  { who: 'an empty key in the header', headers: basic(''), query: '' },
  { who: 'a wrong key in the query', headers: {}, query: 'writeKey=wrong' },
  { who: 'an empty key in the query', headers: {}, query: 'writeKey=' },
  { who: 'an OAuth token', headers: { authorization: `Bearer ${serverKey}` }, query: '' },
  { who: 'a header that is none', headers: { authorization: '\u0000 %%% ===' }, query: '%E0%A4%A' },
];

const event = { type: 'track', event: 'e', userId: 'u' };
const json = JSON.stringify({ batch: [event, {}, null], writeKey: 'wrong' });
const gzip = gzipSync(
  JSON.stringify({
    writeKey: browserKey,
    batch: Array.from({ length: 20 }, () => ({ ...event, event: 'Ünïcode 😀' })),
  }),
);
const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

const bodies: Readonly<Record<string, { body?: string; isBase64Encoded: boolean }>> = {
  none: { isBase64Encoded: false },
  empty: { body: '', isBase64Encoded: false },
  JSON: { body: json, isBase64Encoded: false },
  'JSON with a byte that is none': {
    body: Buffer.from(`${json}\xff`, 'latin1').toString('base64'),
    isBase64Encoded: true,
  },
  'no JSON': { body: '{"batch":', isBase64Encoded: false },
  'nested too deeply': { body: deep, isBase64Encoded: false },
  'too large': { body: JSON.stringify({ batch: ['x'.repeat(600_000)] }), isBase64Encoded: false },
  'gzip that is too large': { body: gzipSync(Buffer.alloc(2_000_000, ' ')).toString('base64'), isBase64Encoded: true },
  'gzip that was cut': { body: gzip.subarray(0, 40).toString('base64'), isBase64Encoded: true },
  'gzip taken for text': { body: gzip.toString('utf8'), isBase64Encoded: false },
  'gzip taken for text, in base64': {
    body: Buffer.from(gzip.toString('utf8')).toString('base64'),
    isBase64Encoded: true,
  },
  'gzip with question marks': { body: gzip.toString('latin1').replace(/[\x80-\xff]/g, '?'), isBase64Encoded: false },
  'gzip with nothing there': { body: gzip.toString('latin1').replace(/[\x80-\xff]/g, ''), isBase64Encoded: false },
  'gzip whose first byte was dropped': { body: '\uFFFD\b\0\uFFFD', isBase64Encoded: false },
  zstd: { body: Buffer.from('28b52ffd0458', 'hex').toString('base64'), isBase64Encoded: true },
};
const codings = [undefined, 'gzip', 'br', 'nonsense'];

const paths = [
  '/v1/batch',
  '/v1/b',
  '/v1/import',
  '/v1/track',
  '/v1/t',
  '/v1/m',
  '/v1/nonsense',
  '/',
  '/health',
  '/v1/pixel/track',
  '/pixel/v1/track',
];
const odd = [
  '/v1/projects/wrong/settings',
  '/v1/projects/%E0%A4%A/settings',
  '/v1/projects//settings',
  '/v1/%00',
  `/v1/${'x'.repeat(9_000)}`,
];
const methods = ['POST', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'NONSENSE'];

/** What makes an alarm ring: an answer of 5xx, and whatever is counted, stored or kept. */
async function ringsBy(request: Parameters<ReturnType<typeof collectInMemory>['request']>[0]) {
  const collect = collectInMemory();
  const { status, body, headers } = await collect.request(request);
  return {
    status,
    code: body?.code,
    wait: headers?.['retry-after'],
    rings: [...collect.counts, ...collect.writes, ...(Number(status) >= 500 ? [status] : [])],
  };
}

describe.each(senders)('no alarm rings by what is sent with $who:', ({ headers, query }) => {
  it.each(Object.entries(bodies))('a body that is %s', async (_name, handed) => {
    for (const path of paths)
      for (const coding of codings)
        expect(
          await ringsBy({ path, query, headers: { ...headers, 'content-encoding': coding }, handed }),
          `${path} ${coding}`,
        ).toMatchObject({
          rings: [],
        });
  });

  it('any method on any path', async () => {
    for (const path of [...paths, ...odd])
      for (const method of methods)
        expect(
          await ringsBy({ method, path, query, headers, handed: { body: json } }),
          `${method} ${path}`,
        ).toMatchObject({ rings: [] });
  });
});

describe('a damaged body whose key is not known', () => {
  const handed = bodies['gzip taken for text'];
  it.each([
    {
      stated: 'nowhere else, and may stand in the body',
      headers: {},
      query: '',
      status: 429,
      code: 'damaged',
      wait: '5',
      rings: [],
    },
    {
      stated: 'wrong in the query, and may stand in the body',
      headers: {},
      query: 'writeKey=no',
      status: 429,
      code: 'damaged',
      wait: '5',
      rings: [],
    },
    {
      stated: 'wrong in the header',
      headers: basic('wrong'),
      query: '',
      status: 401,
      code: 'unauthorized',
      wait: undefined,
      rings: [],
    },
    {
      stated: 'in the header',
      headers: basic(serverKey),
      query: '',
      status: 503,
      code: 'damaged',
      wait: '5',
      rings: [{ damaged: 1 }, 503],
    },
    {
      stated: 'in the query',
      headers: {},
      query: `writeKey=${browserKey}`,
      status: 503,
      code: 'damaged',
      wait: '5',
      rings: [{ damaged: 1 }, 503],
    },
  ])(
    'is to be sent again, unless its key is wrong: a key $stated is answered $status',
    async ({ stated: _, headers, query, ...answer }) =>
      expect(await ringsBy({ path: '/v1/batch', query, headers, handed })).toEqual(answer),
  );
});
