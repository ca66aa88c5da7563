import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { basic } from '../../fakes/http-request.ts';
import { browserKey, collectInMemory, post, serverKey } from '../../fixtures/in-memory/collect.ts';
import { numRuns } from '../../fixtures/laws.ts';

const good = { type: 'track', event: 'Order Completed', userId: 'u1' };
const query = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();

describe('the write key in the query', () => {
  it.each([
    { path: '/beacon/v1/batch', body: { batch: [good] } },
    { path: '/v1/batch', body: { batch: [good] } },
    { path: '/v1/track', body: good },
    { path: '/t/v1/t', body: good },
  ])('POST $path is the source’s, as RudderStack’s beacon sends it', async ({ path, body }) => {
    const collect = collectInMemory();
    const request = {
      path,
      query: query({ writeKey: serverKey }),
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify(body),
    };
    expect(await collect.request(request)).toMatchObject({ status: 200, body: { success: true } });
    expect(collect.events()).toMatchObject([{ ...good, sourceId: 'backend' }]);
    expect(JSON.stringify([collect.events(), collect.counts, collect.warnings])).not.toContain(serverKey);
  });

  it.each([
    { name: 'a header says another', headers: basic('nobody'), body: good, status: 401 },
    { name: 'a header says a right one', headers: basic(serverKey), query: 'nobody', body: good, status: 200 },
    { name: 'the body says another', headers: {}, body: { ...good, writeKey: 'nobody' }, status: 401 },
    {
      name: 'the body says a right one',
      headers: {},
      query: 'nobody',
      body: { ...good, writeKey: serverKey },
      status: 200,
    },
    { name: 'it is unknown', headers: {}, query: 'nobody', body: good, status: 401 },
    { name: 'it is empty', headers: {}, query: '', body: good, status: 401 },
    { name: 'only a token is there besides', headers: { authorization: 'Bearer abc' }, body: good, status: 200 },
  ])('counts last: $name, $status', async ({ headers, query: writeKey = serverKey, body, status }) => {
    const collect = collectInMemory();
    expect(await collect.request({ ...post('/v1/track', body, headers), query: query({ writeKey }) })).toMatchObject({
      status,
    });
    expect(collect.events()).toHaveLength(status === 200 ? 1 : 0);
  });
});

describe('RudderStack’s pixel', () => {
  const sent = {
    writeKey: browserKey,
    anonymousId: 'a1',
    event: 'Email Opened',
    name: 'Home',
    'properties.subject': 'Hi',
  };
  it.each(
    ['track', 'page', 't'].flatMap((name) =>
      ['/pixel/v1', '/v1/pixel', '/shop/pixel/v1', '//pixel//v1'].map((base) => `${base}/${name}`),
    ),
  )('GET %s is answered with the picture', async (path) => {
    const collect = collectInMemory();
    const answer = await collect.request({ method: 'GET', path, query: query(sent) });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'image/gif' } });
    expect(collect.events()).toMatchObject([{ anonymousId: 'a1', sourceId: 'web', properties: { subject: 'Hi' } }]);
  });

  it('may give its event as data and its key beside it', async () => {
    const collect = collectInMemory();
    const data = Buffer.from(JSON.stringify(good)).toString('base64');
    await collect.request({ method: 'GET', path: '/pixel/v1/track', query: query({ data, writeKey: browserKey }) });
    expect(collect.events()).toMatchObject([good]);
  });
});

describe('a prefix', () => {
  const calls = ['track', 'identify', 'page', 'screen', 'group', 'alias', 'batch', 'import', 't', 'b', 'm'];
  const part = fc.oneof(
    fc.constantFrom('v1', 'v2', 'api', 'cdp', 'projects', 'settings', 'track', 'batch', 'beacon', 'a.b', '%2F', 'V1'),
    fc.stringMatching(/^[\w.~-]{1,8}$/),
  );

  it('of any parts, also such as the API’s own, changes nothing', async () => {
    const direct = collectInMemory();
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), fc.constantFrom(...calls), async (parts, call) => {
        const body = { ...good, batch: [good], groupId: 'g', previousId: 'a' };
        const path = `${parts.map((each) => `/${each}`).join('')}/v1/${call}`;
        const answer = await collectInMemory().request(post(path, body));
        expect(answer, path).toEqual(await direct.request(post(`/v1/${call}`, body)));
      }),
      { numRuns: numRuns(300) },
    );
  });

  it.each(['/api/v1/cdp', '/v1', '/v1/projects', '/v1/projects/v1/settings'])(
    '%s is kept in the settings’ address',
    async (prefix) => {
      const path = `${prefix}/v1/projects/${browserKey}/settings`;
      const answer = await collectInMemory().request({ method: 'GET', path, headers: { host: 'shop.example' } });
      expect(answer.body).toMatchObject({ integrations: { 'Segment.io': { apiHost: `shop.example${prefix}/v1` } } });
    },
  );

  it('as long as a path may be costs no time', async () =>
    expect(await collectInMemory().request(post('/v1/x'.repeat(20_000), good))).toMatchObject({ status: 404 }));
});

describe('HEAD', () => {
  it.each([
    { path: '/health', status: 200 },
    { path: `/v1/projects/${browserKey}/settings`, status: 200 },
    { path: '/v1/projects/nobody/settings', status: 404 },
    { path: '/v1/pixel/track', status: 200 },
    { path: '/pixel/v1/page', status: 200 },
    { path: '/v1/track', status: 405 },
    { path: '/nothing', status: 404 },
  ])('$path is answered as GET is, without a body: $status', async ({ path, status }) => {
    const collect = collectInMemory();
    const request = { path, query: query({ writeKey: browserKey, ...good }) };
    const head = await collect.request({ method: 'HEAD', ...request });
    expect(collect.events()).toEqual([]);
    const { headers } = await collect.request({ method: 'GET', ...request });
    expect(head).toEqual({ status, headers, body: undefined });
  });

  it('is among the methods that a wrong one is told of', async () =>
    expect(await collectInMemory().request({ method: 'PUT', path: '/health' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    }));
});

it.each(['Track', 'TRACK', 'tRaCk', ' track', 'Track\n', '\u00a0TRACK\t'])(
  'a call of type %j is a track call, in a batch and in a path',
  async (type) => {
    const collect = collectInMemory();
    expect(await collect.request(post('/v1/batch', { batch: [{ ...good, type, properties: null }] }))).toMatchObject({
      status: 200,
      body: { success: true },
    });
    expect(await collect.request(post(`/v1/${type.trim()}`, good))).toMatchObject({ status: 200 });
    expect(collect.events()).toMatchObject([good, good]);
  },
);

describe('a shared context that no event could keep', () => {
  it('costs no event, is told, and is kept in quarantine', async () => {
    const collect = collectInMemory();
    const events = [
      { ...good, context: { locale: 'de' } },
      { type: 'page', anonymousId: 'a' },
    ];
    const answer = await collect.request(post('/v1/batch', { batch: events, context: 'web' }));
    const warning = {
      field: 'context',
      reason: 'must be an object; got a text of 3 characters; the events were taken without it',
    };
    expect(answer).toMatchObject({ status: 200, body: { success: true, warnings: [warning] } });
    expect(collect.events()).toMatchObject(events);
    expect(collect.quarantined()).toMatchObject([{ ...warning, sourceId: 'backend', event: '"web"' }]);
  });
});

describe('the address of a person behind proxies', () => {
  const caller = '203.0.113.7';
  it.each([
    { proxies: 0, forwarded: '192.0.2.1', ip: caller },
    { proxies: 1, forwarded: undefined, ip: caller },
    { proxies: 1, forwarded: '192.0.2.1', ip: '192.0.2.1' },
    { proxies: 1, forwarded: `192.0.2.1, ${caller}`, ip: '192.0.2.1' },
    { proxies: 1, forwarded: `10.0.0.1, 192.0.2.1, ${caller}`, ip: '192.0.2.1' },
    { proxies: 2, forwarded: `6.6.6.6, 192.0.2.1, 198.51.100.2, ${caller}`, ip: '192.0.2.1' },
    { proxies: 3, forwarded: `192.0.2.1, ${caller}`, ip: '192.0.2.1' },
    { proxies: 1, forwarded: `2001:db8::1, ${caller}`, ip: '2001:db8::1' },
    { proxies: 1, forwarded: `[2001:db8::1]:443 , ${caller}`, ip: '2001:db8::1' },
    { proxies: 1, forwarded: '192.0.2.1:5050', ip: '192.0.2.1' },
    { proxies: 1, forwarded: `unknown, ${caller}`, ip: caller },
    { proxies: 1, forwarded: '<script>', ip: caller },
    { proxies: 1, forwarded: ',,', ip: caller },
  ])('$proxies of them, X-Forwarded-For $forwarded: $ip', async ({ proxies, forwarded, ip }) => {
    const collect = collectInMemory({ trustedProxies: proxies });
    const headers = { ...basic(browserKey), ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }) };
    await collect.request({ ...post('/v1/page', { anonymousId: 'a' }, headers), sourceIp: caller });
    await collect.request({
      method: 'GET',
      path: '/v1/pixel/page',
      query: query({ anonymousId: 'a', writeKey: browserKey }),
      headers,
      sourceIp: caller,
    });
    expect(collect.events().map(({ context }) => context?.ip)).toEqual([ip, ip]);
  });
});
