import { describe, expect, it } from 'vitest';
import { receiptVerifier } from '../../lambdas/adapters/secrets/receipt-signer.ts';
import { verifyReceipts } from '../../lambdas/core/privacy/receipt-file.ts';
import { createHandler } from '../../lambdas/functions/admin/handler.ts';
import { basic, type ClientRequest, httpRequest } from '../fakes/http-request.ts';
import { MemoryTable } from '../fakes/memory-table.ts';
import { configOf } from '../fixtures/events.ts';
import { officerInMemory, requestIdOf } from '../fixtures/in-memory/officer.ts';

const token = 'cdp_an-admin-token';
const body = {
  subject_request_id: requestIdOf(1),
  subject_request_type: 'suppress',
  regulation: 'ccpa',
  submitted_time: '2026-05-01T00:00:00Z',
  subject_identities: [{ identity_type: 'email', identity_value: 'ann@example.com', identity_format: 'raw' }],
};

/** A call that is refused. */
interface Refused {
  readonly name: string;
  readonly method?: string;
  readonly path: string;
  readonly sent?: unknown;
  readonly more?: Partial<ClientRequest>;
  readonly status: number;
  readonly says: string;
}

/** The admin API over a table in memory. */
function adminApi(openDsrDomain?: string) {
  const table = new MemoryTable();
  const handler = createHandler({
    isAccessToken: async (given) => given === token,
    explain: () => expect.unreachable(),
    unmerge: () => expect.unreachable(),
    officer: officerInMemory(table, configOf()),
    openDsrDomain,
    now: () => expect.unreachable(),
    newId: () => expect.unreachable(),
    warn: () => {},
  });
  const fetch = (method: string, path: string, sent?: unknown, more: Partial<ClientRequest> = {}) => {
    const given = { method, path, headers: basic(token), ...(sent !== undefined && { body: JSON.stringify(sent) }) };
    return handler(httpRequest({ ...given, ...more }));
  };
  const call = async (...request: Parameters<typeof fetch>) => {
    const { statusCode, body: answer = '' } = await fetch(...request);
    return { status: statusCode, body: JSON.parse(answer) };
  };
  return { call, fetch, table };
}

describe('requests over the admin API', () => {
  it('are filed, done and shown in the forms of OpenDSR', async () => {
    const { call, table } = adminApi();
    const filed = await call('POST', '/v1/requests', body);
    expect(filed).toMatchObject({
      status: 201,
      body: {
        ...{ controller_id: 'self', subject_request_id: requestIdOf(1), request_status: 'completed' },
        ...{ received_time: '2026-05-01T12:00:00.000Z', api_version: '2.0' },
        encoded_request: Buffer.from(JSON.stringify(body)).toString('base64'),
      },
    });
    expect(table.barriers.get('email:ann@example.com')).toEqual({ suppressed: true });
    const { encoded_request: _, ...status } = filed.body;
    expect(await call('GET', `/v1/requests/${requestIdOf(1)}`)).toEqual({ status: 200, body: status });
    expect(await call('GET', '/v1/requests/')).toEqual({ status: 200, body: { requests: [status] } });
    expect((await call('POST', '/v1/requests', body)).body).toEqual(filed.body);
    expect((await call('POST', `/v1/requests/${requestIdOf(1)}/run`)).body).toEqual(status);
    expect(await call('DELETE', `/v1/requests/${requestIdOf(1)}`)).toMatchObject({ status: 422 });
  });

  it('are answered with the domain that the platform says it is, if it has one', async () => {
    const calls = [
      ['POST', '/v1/requests', { ...body, subject_request_type: 'access' }],
      ['GET', `/v1/requests/${requestIdOf(1)}`],
      ['GET', '/v1/requests'],
      ['POST', `/v1/requests/${requestIdOf(1)}/run`],
      ['DELETE', `/v1/requests/${requestIdOf(1)}`],
    ] as const;
    for (const domain of ['privacy.example.com', undefined]) {
      const { fetch } = adminApi(domain);
      for (const [method, path, sent] of calls) {
        const { statusCode, headers = {} } = await fetch(method, path, sent);
        expect(statusCode).toBeLessThan(300);
        expect(headers['x-opendsr-processor-domain'], `${method} ${path}`).toBe(domain);
        expect(headers).not.toHaveProperty('x-opendsr-signature');
      }
    }
  });

  it.each(['access', 'portability'])(
    'wait for a report, if they are for %s, and can be cancelled until it is given',
    async (type) => {
      const { call, table } = adminApi();
      const filed = await call('POST', '/v1/requests', { ...body, subject_request_type: type });
      const status = { subject_request_type: type, request_status: 'in_progress' };
      expect(filed).toMatchObject({ status: 201, body: status });
      expect(table.barriers.size).toBe(0);
      expect((await call('POST', `/v1/requests/${requestIdOf(1)}/run`)).body).toMatchObject(status);
      expect(await call('DELETE', `/v1/requests/${requestIdOf(1)}`)).toMatchObject({
        ...{ status: 202, body: { request_status: 'cancelled' } },
      });
    },
  );

  it('have receipts, if they erase, which verify as they come', async () => {
    const { call, fetch } = adminApi();
    const path = `/v1/requests/${requestIdOf(1)}/receipts`;
    await call('POST', '/v1/requests', { ...body, subject_request_type: 'erasure' });
    const { statusCode, body: text = '' } = await fetch('GET', path);
    expect(statusCode).toBe(200);
    expect(verifyReceipts(text, receiptVerifier)).toMatchObject({ ok: true, file: { requestId: requestIdOf(1) } });
    await call('POST', '/v1/requests', {
      ...{ ...body, subject_request_id: requestIdOf(2), subject_request_type: 'access' },
    });
    expect((await call('GET', path.replace(requestIdOf(1), requestIdOf(2)))).status).toBe(422);
    expect((await call('GET', path.replace(requestIdOf(1), requestIdOf(3)))).status).toBe(404);
  });

  it('show whom they are about without doing anything', async () => {
    const { call, table } = adminApi();
    expect(await call('POST', '/v1/requests/preview', body)).toEqual({
      status: 200,
      body: { profiles: [], unknown: ['email:ann@example.com'], identifiers: ['email:ann@example.com'] },
    });
    expect(table.barriers.size).toBe(0);
    expect((await call('GET', '/v1/requests')).body).toEqual({ requests: [] });
  });

  it.each<Refused>([
    { name: 'no token', path: '/v1/requests', more: { headers: {} }, status: 401, says: 'access token' },
    { name: 'a request of nobody', path: `/v1/requests/${requestIdOf(7)}`, status: 404, says: 'no such request' },
    { name: 'an id that is none', path: '/v1/requests/7', status: 404, says: 'no such path' },
    { name: 'another method', method: 'PUT', path: '/v1/requests', status: 405, says: 'Use GET, POST' },
    { name: 'no JSON', method: 'POST', path: '/v1/requests', more: { body: '{' }, status: 400, says: 'not JSON' },
    {
      ...{ name: 'a field that is missing', method: 'POST', path: '/v1/requests' },
      sent: { ...body, regulation: undefined },
      ...{ status: 400, says: 'regulation must be one of gdpr, ccpa' },
    },
    {
      ...{ name: 'an identifier that is none', method: 'POST', path: '/v1/requests' },
      sent: { ...body, subject_identities: [{ ...body.subject_identities[0], identity_value: 'ann@' }] },
      ...{ status: 400, says: 'not an email address' },
    },
    {
      ...{ name: 'nobody to lift', method: 'POST', path: '/v1/requests' },
      sent: { ...body, subject_request_type: 'unsuppress' },
      ...{ status: 422, says: 'is suppressed' },
    },
  ])('$name: $status', async ({ method = 'GET', path, sent, more, status, says }) => {
    const answer = await adminApi().call(method, path, sent, more);
    expect(answer.status).toBe(status);
    expect(answer.body.error.message.toLowerCase()).toContain(says.toLowerCase());
    expect(JSON.stringify(answer.body)).not.toContain('ann@');
  });
});
