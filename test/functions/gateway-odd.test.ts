import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../lambdas/functions/admin/handler.ts';
import { basic, type ClientRequest, httpRequest } from '../fakes/http-request.ts';
import { MemoryTable } from '../fakes/memory-table.ts';
import { configOf, eventOf } from '../fixtures/events.ts';
import { browserKey, collectInMemory, post } from '../fixtures/in-memory/collect.ts';
import { officerInMemory } from '../fixtures/in-memory/officer.ts';
import { accessToken, profileApi, users } from '../fixtures/in-memory/profile-api.ts';

const nothing = [undefined, null];
const odd = [...nothing, 0, 5, true, [], ['x'], {}, { x: null }];
const call = { type: 'track', event: 'x', userId: 'u', writeKey: browserKey };
const traits = `${users}/user_id:ann/traits`;
const unmergeAt = '/v1/profiles/user_id:ann/unmerge';
const profiles = await profileApi([eventOf({ type: 'identify', userId: 'ann', traits: { plan: 'pro' } })]);

/** The admin API, whose operator answers whether the call was to be applied. */
async function admin(request: ClientRequest): Promise<Answered> {
  const handler = createHandler({
    isAccessToken: async (token) => token === accessToken,
    explain: async () => ({}) as never,
    unmerge: async (_address, _cause, execute) => ({ execute }) as never,
    officer: officerInMemory(new MemoryTable(), configOf()),
    openDsrDomain: undefined,
    now: () => '2026-05-01T10:00:00.000Z',
    newId: () => 'id',
    warn: () => {},
  });
  const { statusCode, body = '' } = await handler(httpRequest({ headers: basic(accessToken), ...request }));
  return { status: statusCode, body: JSON.parse(body) };
}

interface Answered {
  readonly status: number | undefined;
  readonly body: unknown;
}

const apis: Readonly<Record<string, (handed: object) => Promise<Answered>>> = {
  collect: (handed) => collectInMemory().request({ ...post('/v1/track', call), handed }),
  'the pixel': (handed) =>
    collectInMemory().request({
      method: 'GET',
      path: '/v1/pixel/track',
      query: `writeKey=${browserKey}&event=x`,
      handed,
    }),
  'the settings': (handed) =>
    collectInMemory().request({ method: 'GET', path: `/v1/projects/${browserKey}/settings`, handed }),
  profile: (handed) => profiles.get(traits, { handed }),
  admin: (handed) => admin({ path: unmergeAt, body: '{"apply":true}', handed }),
};

const { requestContext } = httpRequest({ path: '/v1/track' });
const fields = [
  'body',
  'headers',
  'rawPath',
  'rawQueryString',
  'queryStringParameters',
  'isBase64Encoded',
  'cookies',
  'pathParameters',
  'requestContext',
];
const without = (field: string, value: unknown) => ({ requestContext: { ...requestContext, [field]: value } });
const inHttp = (field: string, value: unknown) => without('http', { ...requestContext.http, [field]: value });

describe.each(Object.entries(apis))('%s', (_name, answer) => {
  it.each(fields)('answers below 500 whatever its gateway says as %s', async (field) => {
    for (const value of [...odd, 'x', '%zz', '//', ''])
      expect((await answer({ [field]: value })).status, String(value)).toBeLessThan(500);
  });

  it.each(['body', 'headers', 'queryStringParameters', 'isBase64Encoded', 'cookies', 'pathParameters'])(
    'takes %s of null as it takes none',
    async (field) => expect(await answer({ [field]: null })).toEqual(await answer({ [field]: undefined })),
  );

  it('answers below 500 with nothing said of the request, its method, its caller or its domain', async () => {
    for (const value of odd)
      for (const handed of [
        ...['http', 'domainName', 'requestId'].map((field) => without(field, value)),
        ...['method', 'sourceIp', 'path'].map((field) => inHttp(field, value)),
      ])
        expect((await answer(handed)).status, JSON.stringify(handed)).toBeLessThan(500);
  });

  it('answers below 500 with many odd fields at once', async () => {
    const one = fc.constantFrom(...odd, 'x', '/v1/track', traits, unmergeAt);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...fields), one), async (handed) => {
        expect((await answer(handed)).status).toBeLessThan(500);
      }),
    );
  });
});

describe.each([{ body: null }, { body: undefined }, { body: '' }])('a body of $body is an empty one', (handed) => {
  it('for collect, which keeps it in quarantine', async () => {
    const collect = collectInMemory();
    expect(await collect.request({ ...post('/v1/track', call), handed })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('empty body') },
    });
    expect(collect.quarantined()).toMatchObject([{ event: '""' }]);
  });

  it('for admin, which only says what would be done', async () =>
    expect(await admin({ path: unmergeAt, body: '{}', handed })).toEqual({ status: 200, body: { execute: false } }));
});

it('reads a body in base64 whether or not the gateway says so', async () => {
  const inBase64 = btoa('{"apply":true}');
  for (const isBase64Encoded of [true, null, undefined])
    expect(await admin({ path: unmergeAt, handed: { body: inBase64, isBase64Encoded } })).toEqual({
      status: 200,
      body: { execute: true },
    });
});

it('takes a query from its parameters, a path from the context and a header under any case, where only these are there', async () => {
  const http = { ...requestContext.http, method: 'GET', path: traits };
  const handed = {
    rawQueryString: null,
    queryStringParameters: { limit: '0' },
    rawPath: null,
    ...without('http', http),
  };
  const headers = { AUTHORIZATION: basic(accessToken).authorization };
  expect(await profiles.get('/', { headers: {}, handed: { ...handed, headers } })).toMatchObject({ status: 400 });
  expect(
    await profiles.get('/', { handed: { ...handed, headers, queryStringParameters: { limit: '1' } } }),
  ).toMatchObject({ status: 200 });
});

it('gives an event no address where the gateway says none', async () => {
  const collect = collectInMemory();
  await collect.request({ ...post('/v1/track', call, basic(browserKey)), handed: inHttp('sourceIp', null) });
  expect(collect.events()).toMatchObject([{ userId: 'u' }]);
  expect(collect.events()[0]?.context ?? {}).not.toHaveProperty('ip');
});
