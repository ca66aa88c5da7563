import { describe, expect, it } from 'vitest';
import { basic } from '../../fakes/http-request.ts';
import { browserKey, collectInMemory, post, serverKey } from '../../fixtures/in-memory/collect.ts';

const base64 = (event: object): string => Buffer.from(JSON.stringify(event)).toString('base64');
const opened = { writeKey: browserKey, userId: 'u1', event: 'Email Opened', properties: { subject: 'Hi >>>???' } };

describe('the pixel', () => {
  it.each([
    { name: 'base64', query: `data=${encodeURIComponent(base64(opened))}` },
    { name: 'base64 with bare plus signs', query: `data=${base64(opened)}` },
    {
      name: 'base64url without padding',
      query: `data=${base64(opened).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`,
    },
    { name: 'JSON', query: `data=${encodeURIComponent(JSON.stringify(opened))}` },
    {
      name: 'plain parameters',
      query: `userId=u1&event=Email+Opened&properties.subject=${encodeURIComponent('Hi >>>???')}&writeKey=${browserKey}`,
    },
  ])('takes an event as $name', async ({ query }) => {
    const collect = collectInMemory();
    const answer = await collect.request({ method: 'GET', path: '/v1/pixel/track', query });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'image/gif' } });
    expect(Buffer.from(answer.body, 'base64').subarray(0, 6).toString()).toBe('GIF89a');
    expect(collect.events()).toMatchObject([
      {
        type: 'track',
        userId: 'u1',
        event: 'Email Opened',
        properties: { subject: 'Hi >>>???' },
        context: { ip: '203.0.113.7' },
      },
    ]);
  });

  it.each([
    { name: 'an event without an id', query: `data=${base64({ writeKey: browserKey })}`, quarantined: 1 },
    { name: 'a hostile parameter', query: `__proto__.a=1&userId=u&event=x&writeKey=${browserKey}`, quarantined: 1 },
    { name: 'an unknown key', query: `data=${base64({ ...opened, writeKey: 'nobody' })}`, quarantined: 0 },
    { name: 'nonsense', query: 'data=%ff%fe', quarantined: 0 },
    { name: 'nothing', query: '', quarantined: 0 },
  ])('answers $name with the picture all the same', async ({ query, quarantined }) => {
    const collect = collectInMemory();
    expect(await collect.request({ method: 'GET', path: '/v1/pixel/track', query })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'image/gif' },
    });
    expect(collect.events()).toEqual([]);
    expect(collect.quarantined()).toHaveLength(quarantined);
  });

  it('does not say 200 when the stream is down', async () => {
    const collect = collectInMemory({ send: { ok: false, reason: 'failed', error: 'InternalFailure' } });
    expect(
      await collect.request({ method: 'GET', path: '/v1/pixel/track', query: `data=${base64(opened)}` }),
    ).toMatchObject({ status: 503 });
  });

  it.each(['batch', 'nothing', ''])('has no path /v1/pixel/%s', async (name) => {
    expect(await collectInMemory().request({ method: 'GET', path: `/v1/pixel/${name}` })).toMatchObject({
      status: 404,
    });
  });
});

describe('the settings of analytics.js', () => {
  it.each([
    {
      name: 'the host it came to',
      headers: { host: 'in.shop.example', 'x-forwarded-proto': 'https' },
      apiHost: 'in.shop.example/v1',
      protocol: 'https',
    },
    {
      name: 'a local address',
      headers: { host: 'localhost:8080', 'x-forwarded-proto': 'http' },
      apiHost: 'localhost:8080/v1',
      protocol: 'http',
    },
    {
      name: 'the outermost proxy',
      headers: { host: 'inner', 'x-forwarded-host': 'shop.example, cdn' },
      apiHost: 'shop.example/v1',
      protocol: 'https',
    },
    {
      name: 'no host that is none',
      headers: { host: 'evil"/><script>' },
      apiHost: 'abc123.execute-api.eu-west-1.amazonaws.com/v1',
      protocol: 'https',
    },
  ])('name $name', async ({ headers, apiHost, protocol }) => {
    const answer = await collectInMemory().request({
      method: 'GET',
      path: `/v1/projects/${browserKey}/settings`,
      headers,
    });
    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': expect.stringContaining('private') } });
    expect(answer.body).toMatchObject({
      integrations: { 'Segment.io': { apiKey: browserKey, apiHost, protocol } },
      plan: {},
    });
  });

  it('keep a prefix that a proxy put in front', async () => {
    const answer = await collectInMemory().request({
      method: 'GET',
      path: `/cdp/v1/projects/${browserKey}/settings`,
      headers: { host: 'shop.example' },
    });
    expect(answer.body.integrations['Segment.io'].apiHost).toBe('shop.example/cdp/v1');
  });

  it('are not given for an unknown key', async () => {
    expect(await collectInMemory().request({ method: 'GET', path: '/v1/projects/nobody/settings' })).toMatchObject({
      status: 404,
    });
  });
});

describe('the address of a person', () => {
  it.each([
    { name: 'is the caller’s for a browser source', key: browserKey, context: undefined, ip: '203.0.113.7' },
    { name: 'is not overwritten', key: browserKey, context: { ip: '0.0.0.0' }, ip: '0.0.0.0' },
    { name: 'is unknown for a server source', key: serverKey, context: {}, ip: undefined },
    { name: 'is as given for a server source', key: serverKey, context: { ip: '192.0.2.1' }, ip: '192.0.2.1' },
    { name: 'is the caller’s for a direct call', key: serverKey, context: { direct: true }, ip: '203.0.113.7' },
  ])('$name', async ({ key, context, ip }) => {
    const collect = collectInMemory();
    await collect.request(post('/v1/page', { anonymousId: 'a', context }, basic(key)));
    expect(collect.events()[0]?.context?.ip).toBe(ip);
  });
});
