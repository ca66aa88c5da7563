import { describe, expect, it } from 'vitest';
import { OperatorRefused } from '../../lambdas/core/operations/operator-refused.ts';
import { type AdminDeps, createHandler } from '../../lambdas/functions/admin/handler.ts';
import { basic, type ClientRequest, httpRequest } from '../fakes/http-request.ts';
import { MemoryTable } from '../fakes/memory-table.ts';
import { configOf } from '../fixtures/events.ts';
import { officerInMemory } from '../fixtures/in-memory/officer.ts';

const token = 'cdp_an-admin-token';
const at = '2026-05-01T10:00:00.000Z';
const path = '/v1/profiles/email:ann@example.com';

/** The admin API over an operator who answers with what was asked; `overrides` are its faults. */
function adminApi(overrides: Partial<AdminDeps> = {}) {
  const warnings: unknown[] = [];
  const asked: unknown[] = [];
  const handler = createHandler({
    isAccessToken: async (given) => given === token,
    explain: async (address) => ({ profileId: address }) as Awaited<ReturnType<AdminDeps['explain']>>,
    unmerge: async (...all) => {
      asked.push(all);
      return { done: all[2] } as Awaited<ReturnType<AdminDeps['unmerge']>>;
    },
    officer: officerInMemory(new MemoryTable(), configOf()),
    openDsrDomain: undefined,
    now: () => at,
    newId: () => 'id-1',
    warn: (...warning) => warnings.push(warning),
    ...overrides,
  });
  const call = async (request: Partial<ClientRequest>) => {
    const {
      statusCode,
      headers,
      body = '',
    } = await handler(httpRequest({ method: 'GET', path, headers: basic(token), ...request }));
    return { status: statusCode, headers, body: JSON.parse(body) };
  };
  return { call, warnings, asked };
}

describe('explain', () => {
  it.each([`${path}/explain`, '/v1/profiles/email:ann%40example.com/explain', `${path}/explain/`])(
    '%s',
    async (given) => {
      const { status, headers, body } = await adminApi().call({ path: given });
      expect([status, body]).toEqual([200, { profileId: 'email:ann@example.com' }]);
      expect(headers).toMatchObject({ 'request-id': 'JKJaXmPLvHcESHA=', 'cache-control': 'no-store' });
    },
  );
});

describe('unmerge', () => {
  it.each([
    { name: 'without a body only says what would be', body: undefined, apply: false },
    { name: 'with an empty object, too', body: '{}', apply: false },
    { name: 'with apply false, too', body: '{"apply":false}', apply: false },
    { name: 'does it when told to', body: '{"apply":true}', apply: true },
    {
      name: 'does it whatever the body is called',
      body: Buffer.from('{"apply":true}'),
      apply: true,
      type: 'application/octet-stream',
    },
  ])('$name', async ({ body, apply, type = 'application/json' }) => {
    const { call, asked } = adminApi();
    const headers = { ...basic(token), 'content-type': type };
    expect(
      await call({ method: 'POST', path: `${path}/unmerge`, headers, ...(body !== undefined && { body }) }),
    ).toMatchObject({
      status: 200,
      body: { done: apply },
    });
    expect(asked).toEqual([['email:ann@example.com', { messageId: 'operator-id-1', timestamp: at, at }, apply]]);
  });
});

describe('errors', () => {
  const unmerge = (body: string) => ({ method: 'POST', path: `${path}/unmerge`, body });
  it.each([
    { name: 'no token', request: { headers: {} }, status: 401, code: 'authentication_error', says: 'access token' },
    {
      name: 'another token',
      request: { headers: basic('cdp_other') },
      status: 401,
      code: 'authentication_error',
      says: 'access token',
    },
    { name: 'no path', request: { path: '/' }, status: 404, code: 'not_found', says: 'explain and unmerge' },
    {
      name: 'another action',
      request: { path: `${path}/erase` },
      status: 404,
      code: 'not_found',
      says: 'explain and unmerge',
    },
    {
      name: 'explain by POST',
      request: { path: `${path}/explain`, method: 'POST' },
      status: 405,
      code: 'invalid_request_error',
      says: 'Use GET.',
    },
    {
      name: 'unmerge by GET',
      request: { path: `${path}/unmerge` },
      status: 405,
      code: 'invalid_request_error',
      says: 'Use POST.',
    },
    {
      name: 'a bad escape',
      request: { path: '/v1/profiles/%zz/explain' },
      status: 400,
      code: 'validation_error',
      says: 'not URL-encoded',
    },
    { name: 'no JSON', request: unmerge('apply'), status: 400, code: 'validation_error', says: 'not JSON' },
    { name: 'no object', request: unmerge('[]'), status: 400, code: 'validation_error', says: 'must be a JSON object' },
    {
      name: 'no boolean',
      request: unmerge('{"apply":"yes"}'),
      status: 400,
      code: 'validation_error',
      says: 'Apply must be true or false',
    },
    {
      name: 'an unknown field',
      request: unmerge('{"aply":true}'),
      status: 400,
      code: 'validation_error',
      says: 'apply and nothing else',
    },
  ])('$name: $status', async ({ request, status, code, says }) => {
    const refuses = () => expect.unreachable();
    const answer = await adminApi({ unmerge: refuses, explain: refuses }).call(request);
    expect(answer).toMatchObject({ status, body: { error: { code, message: expect.stringContaining(says) } } });
    expect(answer.headers).toMatchObject({ 'request-id': 'JKJaXmPLvHcESHA=' });
    expect(JSON.stringify(answer.body)).not.toContain('ann@example.com');
  });

  it.each([
    { kind: 'invalid', status: 400, code: 'validation_error' },
    { kind: 'not_found', status: 404, code: 'not_found' },
    { kind: 'contended', status: 409, code: 'conflict' },
    { kind: 'refused', status: 422, code: 'validation_error' },
  ] as const)('an operator who is refused ($kind): $status', async ({ kind, status, code }) => {
    const explain = () => Promise.reject(new OperatorRefused(kind, 'it cannot be'));
    const { call, warnings } = adminApi({ explain });
    expect(await call({ path: `${path}/explain` })).toMatchObject({
      status,
      body: { error: { code, message: 'It cannot be.' } },
    });
    expect(warnings).toEqual([]);
  });

  it.each(['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded', 'Unread'])(
    'a table over its capacity (%s): 429, as the profile API answers',
    async (name) => {
      const explain = () => Promise.reject(Object.assign(new Error('ann@example.com'), { name }));
      const { call, warnings } = adminApi({ explain });
      expect(await call({ path: `${path}/explain` })).toMatchObject({
        status: 429,
        headers: { 'retry-after': '1' },
        body: { error: { code: 'rate_limit_error', message: 'Too many requests; wait, then try again.' } },
      });
      expect(warnings).toEqual([['not answered', { reason: name, requestId: 'JKJaXmPLvHcESHA=' }]]);
    },
  );

  it('something thrown that is no error: 500, and a log line without it', async () => {
    const { call, warnings } = adminApi({ explain: () => Promise.reject('ann@example.com') });
    expect(await call({ path: `${path}/explain` })).toMatchObject({
      status: 500,
      body: { error: { code: 'internal_error' } },
    });
    expect(warnings).toEqual([['not answered', { reason: 'thrown string', requestId: 'JKJaXmPLvHcESHA=' }]]);
  });

  it('a fault: 500, and a log line that names no one', async () => {
    const { call, warnings } = adminApi({ explain: () => Promise.reject(new TypeError('ann@example.com')) });
    expect(await call({ path: `${path}/explain` })).toMatchObject({
      status: 500,
      body: { error: { code: 'internal_error' } },
    });
    expect(warnings).toEqual([['not answered', { reason: 'TypeError', requestId: 'JKJaXmPLvHcESHA=' }]]);
  });
});
