import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { eventually } from '../observed/eventually.ts';
import { rawEvents } from '../observed/lake.ts';
import { basic, json, post, send } from '../observed/requests.ts';
import { platform, unique } from '../platform/deployment.ts';

const key = platform.writeKey;
const track = (userId: string, more: object = {}) => ({ type: 'track', userId, event: 'Looked', ...more });
const rawAbout = async (userId: string) => (await rawEvents()).filter((event) => event.userId === userId);

describe('answers', () => {
  const events = { method: 'POST', body: '{}' };
  const brotli: RequestInit = {
    method: 'POST',
    headers: { authorization: basic(key), 'content-encoding': 'br' },
    body: brotliCompressSync('{}'),
  };
  it.each([
    { name: 'health', path: '/health', init: {}, status: 200, body: { status: 'ok' } },
    { name: 'an unknown path', path: '/v2/track', init: events, status: 404, body: { code: 'not_found' } },
    { name: 'a wrong method', path: '/v1/track', init: {}, status: 405, body: { code: 'method_not_allowed' } },
    { name: 'no write key', path: '/v1/track', init: events, status: 401, body: { code: 'unauthorized' } },
    {
      name: 'an unknown write key',
      path: '/v1/track',
      init: { ...events, headers: { authorization: basic('nobody') } },
      status: 401,
      body: { code: 'unauthorized' },
    },
    {
      name: 'a compression that is not taken',
      path: '/v1/track',
      init: brotli,
      status: 415,
      body: { code: 'unsupported_encoding' },
    },
    {
      name: 'settings for an unknown write key',
      path: '/v1/projects/nobody/settings',
      init: {},
      status: 404,
      body: { code: 'not_found' },
    },
  ])('$name: $status', async ({ path, init, status, body }) => {
    const answer = await send(path, init);
    expect(answer.status).toBe(status);
    expect(json(answer)).toMatchObject(status < 300 ? body : { ...body, message: expect.stringMatching(/\w/) });
  });

  it('tells analytics.js to send events where it asked for its settings', async () => {
    const answer = await send(`/v1/projects/${platform.browserWriteKey}/settings`);
    const { host, protocol } = new URL(platform.ingestUrl);
    const address = { apiKey: platform.browserWriteKey, apiHost: `${host}/v1`, protocol: protocol.slice(0, -1) };
    expect(json(answer)).toMatchObject({ integrations: { 'Segment.io': address } });
  });

  it('lets pages of any origin send what analytics.js sends', async () => {
    const answer = await send('/v1/t', {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-of-their-own',
      },
    });
    const allowed = String(answer.headers.get('access-control-allow-headers')).toLowerCase().split(/, */);
    expect([200, 204]).toContain(answer.status);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
    expect(allowed).toEqual(expect.arrayContaining(['authorization', '*']));
    expect(
      (await post('/v1/track', track(unique('cors')), { origin: 'https://shop.example' })).headers.get(
        'access-control-allow-origin',
      ),
    ).toBe('*');
  });
});

describe.concurrent('every way to send an event', () => {
  const body = (userId: string, more: object = {}) => JSON.stringify(track(userId, more));
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const gzipped = (userId: string) =>
    gzipSync(JSON.stringify({ batch: [track(userId)], sentAt: new Date().toISOString() }));
  const authorization = basic(key);
  it.each([
    { name: 'basic-colon', path: '/v1/track', init: (id: string) => ({ headers: { authorization }, body: body(id) }) },
    {
      name: 'basic-bare',
      path: '/v1/track',
      init: (id: string) => ({
        headers: { authorization: `Basic ${Buffer.from(key).toString('base64')}` },
        body: body(id),
      }),
    },
    { name: 'key-in-body', path: '/v1/track', init: (id: string) => ({ body: body(id, { writeKey: key }) }) },
    {
      name: 'text-plain',
      path: '/v1/t',
      init: (id: string) => ({ headers: { authorization, 'content-type': 'text/plain' }, body: body(id) }),
    },
    {
      name: 'gzip',
      path: '/v1/batch',
      init: (id: string) => ({ headers: { authorization, 'content-encoding': 'gzip' }, body: gzipped(id) }),
    },
    {
      name: 'gzip-as-form',
      path: '/v1/batch',
      init: (id: string) => ({ headers: { authorization, ...form }, body: gzipped(id) }),
    },
    {
      name: 'beacon',
      path: `/beacon/v1/batch?writeKey=${key}`,
      init: (id: string) => ({ body: JSON.stringify({ batch: [track(id)] }) }),
    },
    {
      name: 'import',
      path: '/v1/import',
      init: (id: string) => ({ headers: { authorization }, body: JSON.stringify({ batch: [track(id)] }) }),
    },
  ])('$name: {"success":true}, and it is in the raw zone', async ({ name, path, init }) => {
    const userId = unique(name);
    expect(await send(path, { method: 'POST', ...init(userId) })).toMatchObject({
      status: 200,
      text: '{"success":true}',
    });
    await eventually(async () =>
      expect(await rawAbout(userId)).toMatchObject([{ type: 'track', event: 'Looked', sourceId: 'shop-backend' }]),
    );
  });

  it('pixel: a picture, and it is in the raw zone', async () => {
    const userId = unique('pixel');
    const data = Buffer.from(JSON.stringify(track(userId, { writeKey: key }))).toString('base64');
    const answer = await send(`/v1/pixel/track?data=${encodeURIComponent(data)}`);
    expect([answer.status, answer.headers.get('content-type'), answer.text.slice(0, 6)]).toEqual([
      200,
      'image/gif',
      'GIF89a',
    ]);
    await eventually(async () => expect(await rawAbout(userId)).toMatchObject([{ type: 'track', event: 'Looked' }]));
  });
});
