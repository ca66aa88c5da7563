import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { basic } from '../../fakes/http-request.ts';
import { browserKey, collectInMemory, post, receivedAt, serverKey } from '../../fixtures/in-memory/collect.ts';

const good = { type: 'track', event: 'Order Completed', userId: 'u1' };
const calls = {
  track: { event: 'Order Completed' },
  identify: { traits: { plan: 'pro' } },
  page: { name: 'Home' },
  screen: { name: 'Start' },
  group: { groupId: 'g1' },
  alias: { previousId: 'a1' },
};

describe('paths', () => {
  it.each(
    Object.entries(calls).flatMap(([type, fields]) => [
      { path: `/v1/${type}`, type, fields },
      { path: `/v1/${type[0]}`, type, fields },
      { path: `/shop/v1/${type}/`, type, fields },
    ]),
  )('POST $path takes a call of type $type', async ({ path, type, fields }) => {
    const collect = collectInMemory();
    expect(await collect.request(post(path, { userId: 'u1', ...fields }))).toMatchObject({
      status: 200,
      body: { success: true },
    });
    expect(collect.events()).toMatchObject([{ type, userId: 'u1', sourceId: 'backend', receivedAt, ...fields }]);
  });

  it.each(['/v1/batch', '/v1/import', '/v1/b', '//v1//batch'])('POST %s takes a batch', async (path) => {
    const collect = collectInMemory();
    const answer = await collect.request(post(path, { batch: [good, { type: 'page', anonymousId: 'a1' }] }));
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
    expect(answer.body).toEqual({ success: true });
    expect(collect.events().map(({ type }) => type)).toEqual(['track', 'page']);
    expect(collect.records).toHaveLength(1);
  });

  it.each([
    { method: 'GET', path: '/health', status: 200 },
    { method: 'POST', path: '/v1/m', status: 200 },
    { method: 'OPTIONS', path: '/v1/batch', status: 204 },
    { method: 'GET', path: '/v1/batch', status: 405 },
    { method: 'PUT', path: '/v1/track', status: 405 },
    { method: 'POST', path: '/health', status: 405 },
    { method: 'POST', path: '/v1/merge', status: 404 },
    { method: 'POST', path: '/v1/constructor', status: 404 },
    { method: 'POST', path: '/v1/track/more', status: 404 },
    { method: 'POST', path: '/', status: 404 },
  ])('$method $path answers $status', async ({ method, path, status }) => {
    const collect = collectInMemory();
    expect((await collect.request({ ...post(path, good), method })).status).toBe(status);
    expect(collect.events()).toEqual([]);
  });
});

describe('who may send', () => {
  const auth = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  it.each([
    { name: 'Basic with a colon', headers: auth(`${serverKey}:`), status: 200 },
    { name: 'Basic without a colon', headers: auth(serverKey), status: 200 },
    {
      name: 'Basic in lower case with a password',
      headers: { authorization: `basic ${auth(`${serverKey}:x`).authorization.slice(6)}` },
      status: 200,
    },
    { name: 'a key in the body', headers: {}, fields: { writeKey: serverKey }, status: 200 },
    { name: 'no key', headers: {}, status: 401, message: /write key/ },
    { name: 'an unknown key', headers: auth('nobody:'), status: 401, message: /no source/ },
    {
      name: 'an unknown key, whatever the body says',
      headers: auth('nobody:'),
      fields: { writeKey: serverKey },
      status: 401,
    },
    { name: 'the digest of a key', headers: auth(hash('sha256', serverKey)), status: 401 },
    {
      name: 'an OAuth token',
      headers: { authorization: 'Bearer abc' },
      status: 401,
      message: /OAuth tokens are not supported/,
    },
    { name: 'authorization that is not base64', headers: { authorization: 'Basic ???' }, status: 401 },
  ])('$name: $status', async ({ headers, fields, status, message }) => {
    const collect = collectInMemory();
    const answer = await collect.request(post('/v1/track', { ...good, ...fields }, headers));
    expect(answer.status).toBe(status);
    if (status === 401)
      expect(answer.body).toMatchObject({ code: 'unauthorized', message: expect.stringMatching(message ?? /./) });
    expect(collect.events()).toHaveLength(status === 200 ? 1 : 0);
    expect(JSON.stringify(collect.events())).not.toContain(serverKey);
  });
});

describe('bodies are read by what they are, not by their label', () => {
  const json = JSON.stringify({ batch: [good] });
  const zipped = gzipSync(json);
  it.each([
    { name: 'JSON as text/plain', body: json, headers: { 'content-type': 'text/plain' } },
    { name: 'JSON without a label', body: json, headers: {} },
    { name: 'JSON labelled as a form', body: json, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    { name: 'gzip', body: zipped, headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } },
    { name: 'gzip labelled as a form', body: zipped, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    { name: 'JSON that claims to be gzip', body: json, headers: { 'content-encoding': 'gzip' } },
    { name: 'a byte order mark', body: `\uFEFF${json}`, headers: {} },
  ])('$name', async ({ body, headers }) => {
    const collect = collectInMemory();
    expect(
      await collect.request({ path: '/v1/batch', body, headers: { ...headers, ...basic(serverKey) } }),
    ).toMatchObject({ status: 200 });
    expect(collect.events()).toMatchObject([good]);
  });

  it("Python's NaN becomes null and costs no other event", async () => {
    const collect = collectInMemory();
    const body =
      '{"batch":[{"type":"page","userId":"NaN, Infinity","properties":{"a":NaN,"b":[-Infinity,1],"c":"\\"NaN"}}]}';
    expect(await collect.request(post('/v1/batch', body))).toMatchObject({ status: 200 });
    expect(collect.events()).toMatchObject([
      { userId: 'NaN, Infinity', properties: { a: null, b: [null, 1], c: '"NaN' } },
    ]);
  });
});

describe('when a stream pushes back', () => {
  const throttled = { ok: false, reason: 'throttled', error: 'ProvisionedThroughputExceededException' } as const;
  const failed = { ok: false, reason: 'failed', error: 'InternalFailure' } as const;
  it.each([
    { name: 'the event stream throttles', streams: { send: throttled }, status: 429 },
    { name: 'the event stream fails', streams: { send: failed }, status: 503 },
    {
      name: 'the quarantine throttles a request without good events',
      streams: { quarantine: throttled },
      batch: [{}, {}],
      status: 429,
    },
    {
      name: 'the quarantine fails a request without good events',
      streams: { quarantine: failed },
      batch: [{}],
      status: 503,
    },
  ])(
    '$name: $status with Retry-After and one warning that names no one',
    async ({ streams, batch = [good, {}], status }) => {
      const collect = collectInMemory(streams);
      const answer = await collect.request(post('/v1/batch', { batch }));
      expect(answer).toMatchObject({
        status,
        headers: { 'retry-after': expect.stringMatching(/^[1-9]\d*$/) },
        body: { code: expect.any(String), message: expect.any(String) },
      });
      expect(collect.warnings).toHaveLength(1);
      expect(JSON.stringify(collect.warnings)).not.toMatch(/u1|server-write-key|Order Completed/);
    },
  );

  it('keeps nothing twice in quarantine for a request that is to be sent again', async () => {
    const collect = collectInMemory({ send: failed });
    await collect.request(post('/v1/batch', { batch: [good, {}] }));
    expect(collect.writes).toEqual(['send']);
  });

  it.each([throttled, failed])(
    'takes good events while the quarantine answers $error, tells of each bad one, and counts it',
    async (quarantine) => {
      const collect = collectInMemory({ quarantine });
      const { status, body } = await collect.request(post('/v1/batch', { batch: [good, {}, good], context: 'web' }));
      expect([status, body.accepted, body.rejected, body.warnings]).toMatchObject([
        200,
        2,
        [{ index: 1 }],
        [{ field: 'context' }],
      ]);
      expect(collect.events()).toHaveLength(2);
      expect(collect.counts).toMatchObject([{ accepted: 2, invalid: 1, unkept: 2 }]);
      expect(collect.warnings).toHaveLength(1);
      expect(JSON.stringify(collect.warnings)).not.toMatch(/u1|server-write-key|Order Completed/);
    },
  );
});

it('counts once per request, by source and reason', async () => {
  const collect = collectInMemory();
  await collect.request(
    post('/v1/batch', { batch: [good, {}, good, { ...good, properties: { text: 'x'.repeat(33_000) } }] }),
  );
  await collect.request(post('/v1/batch', '{', basic(browserKey)));
  expect(collect.counts).toEqual([
    { sourceId: 'backend', accepted: 2, invalid: 1, tooLarge: 1, refused: 0, untimed: 0, unkept: 0 },
    { sourceId: 'web', accepted: 0, invalid: 0, tooLarge: 0, refused: 1, untimed: 0, unkept: 0 },
  ]);
});
