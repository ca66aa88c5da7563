import { describe, expect, it } from 'vitest';
import { basic } from '../../fakes/http-request.ts';
import { eventOf } from '../../fixtures/events.ts';
import { accessToken, accounts, profileApi, users } from '../../fixtures/in-memory/profile-api.ts';

const secret = 'ann@example.com';
const events = [eventOf({ type: 'identify', userId: 'ann', traits: { email: secret } })];
const api = await profileApi(events);
const traits = `${users}/user_id:ann/traits`;

/** The form of every error: a code and a sentence, nothing of the profile, and the request's id. */
function expectRefusal(
  answer: { status: number | undefined; headers: unknown; body: unknown },
  status: number,
  code: string,
): void {
  expect(answer).toMatchObject({
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'request-id': 'JKJaXmPLvHcESHA=' },
  });
  expect(answer.body).toEqual({ error: { code, message: expect.stringMatching(/^[A-Z].*\.$/) } });
  expect(JSON.stringify(answer.body)).not.toContain('ann');
}

describe('every answer', () => {
  it('carries its Request-Id, is kept by nobody, and lets no page of another site read it', async () => {
    const { headers = {} } = await api.get(traits);
    expect(headers).toMatchObject({ 'request-id': 'JKJaXmPLvHcESHA=', 'cache-control': 'no-store' });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('authentication_error', () => {
  const none = { authorization: undefined };
  const of = (authorization: string) => ({ authorization });
  it.each([
    { name: 'no token', headers: none },
    { name: 'another token', headers: basic('cdp_another') },
    { name: 'a token as a password', headers: of(`Basic ${btoa(`:${accessToken}`)}`) },
    { name: 'an empty token', headers: basic('') },
    { name: 'a very long token', headers: basic('x'.repeat(5000)) },
    { name: 'another scheme', headers: of(`Bearer ${accessToken}`) },
    { name: 'no base64', headers: of('Basic ***') },
  ])('$name', async ({ headers }) => {
    const answer = await api.get(traits, { headers });
    expectRefusal(answer, 401, 'authentication_error');
    expect(answer.headers).toMatchObject({ 'www-authenticate': expect.stringMatching(/^Basic /) });
  });

  it('says nothing of paths to those without a token', async () =>
    expectRefusal(await api.get('/', { headers: none }), 401, 'authentication_error'));

  it.each([
    `Basic ${btoa(accessToken)}`,
    `basic ${btoa(`${accessToken}:`)}`,
    `Basic ${btoa(`${accessToken}:whatever`)}`,
  ])('but not %s', async (authorization) =>
    expect(await api.get(traits, { headers: { authorization } })).toMatchObject({ status: 200 }),
  );
});

describe('other errors', () => {
  it.each([
    { path: `${users}/user_id:nobody/traits`, status: 404, code: 'not_found' },
    { path: `${users}/per_${'0'.repeat(32)}/traits`, status: 404, code: 'not_found' },
    { path: `${users}/user_id:x/secrets`, status: 404, code: 'not_found' },
    { path: '/v1/spaces/cdp', status: 404, code: 'not_found' },
    { path: '/', status: 404, code: 'not_found' },
    { path: '/v1/spaces/c!p/collections/users/profiles/user_id:x/traits', status: 400, code: 'validation_error' },
    { path: '/v1/spaces/cdp/collections/pets/profiles/user_id:x/traits', status: 400, code: 'validation_error' },
    { path: `${users}/nobody/traits`, status: 400, code: 'validation_error' },
    { path: `${users}/email:nobody/traits`, status: 400, code: 'validation_error' },
    { path: `${users}/user_id:%zz/traits`, status: 400, code: 'validation_error' },
    { path: `${users}/user_id:x/traits?limit=1000`, status: 400, code: 'invalid_request_error' },
    { path: `${users}/user_id:x/events?start=never`, status: 400, code: 'invalid_request_error' },
    { path: `${accounts}/group_id:x/links`, status: 400, code: 'invalid_request_error' },
  ])('$path: $status $code', async ({ path, status, code }) => expectRefusal(await api.get(path), status, code));

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('%s: 405', async (method) => {
    const answer = await api.get(traits, { method });
    expectRefusal(answer, 405, 'invalid_request_error');
    expect(answer.headers).toMatchObject({ allow: 'GET' });
  });

  it.each([
    { name: 'ProvisionedThroughputExceededException', status: 429, code: 'rate_limit_error' },
    { name: 'ThrottlingException', status: 429, code: 'rate_limit_error' },
    { name: 'Unread', status: 429, code: 'rate_limit_error' },
    { name: 'AccessDeniedException', status: 500, code: 'internal_error' },
    { name: 'ZodError', status: 500, code: 'internal_error' },
  ])('$name of the table: $status, and a log line that names no one', async ({ name, status, code }) => {
    const failing = await profileApi(events, {
      findOwner: () => Promise.reject(Object.assign(new Error(secret), { name })),
    });
    expectRefusal(await failing.get(traits), status, code);
    expect(failing.warnings).toEqual([['not answered', { reason: name, requestId: 'JKJaXmPLvHcESHA=' }]]);
  });

  it('tells nobody whether a profile is there who could not read it', async () => {
    const denied = await profileApi(events, {
      isAccessToken: () => Promise.reject(new TypeError('no network')),
      find: () => expect.unreachable(),
    });
    expectRefusal(await denied.get(traits), 500, 'internal_error');
  });
});
