import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../lambdas/core/config/config.ts';
import { callsOut } from '../../../lambdas/operations/privacy/deployed-callbacks.ts';
import { type TlsProxy, tlsProxy } from '../../fixtures/catalogue/tls-proxy.ts';

let proxy: TlsProxy;

beforeAll(async () => {
  proxy = await tlsProxy(({ url }, response) => {
    const { pathname } = new URL(url);
    if (pathname === '/silence') return;
    const location = 'https://elsewhere.example/';
    response.writeHead(Number(pathname.slice(1)), pathname === '/302' ? { location } : {}).end();
  });
});
afterAll(() => proxy.close());

const out = (...given: Parameters<typeof callsOut>) => callsOut(...given) ?? expect.fail('a domain is set');
const configured = (privacy: object, egress: object = { proxy: proxy.url, ca: proxy.ca }) =>
  parseConfig({ sources: [{ id: 's', kind: 'server', writeKey: 'a-write-key-of-16' }], privacy, egress });

describe('a call over HTTPS', () => {
  it.each([
    { path: '200', outcome: { kind: 'told' } },
    { path: '204', outcome: { kind: 'told' } },
    { path: '403', outcome: { kind: 'failed', reason: 'HTTPError 403', isAnswered: true } },
    { path: '500', outcome: { kind: 'failed', reason: 'HTTPError 500', isAnswered: true } },
    { path: '302', outcome: { kind: 'failed', reason: 'Redirected', isAnswered: true } },
    { path: 'silence', outcome: { kind: 'failed', reason: 'AnswerTooLate', isAnswered: false } },
  ])('that is answered with $path', async ({ path, outcome }) => {
    const calls = out(configured({ openDsrDomain: 'privacy.example.com' }), 2_000);
    const before = proxy.received.length;
    expect(await calls(`https://tool.example/${path}`, '{"request_status":"pending"}')).toEqual(outcome);
    const heard = proxy.received.slice(before);
    expect(heard).toMatchObject([{ method: 'POST', body: '{"request_status":"pending"}' }]);
    const headers = heard[0]?.headers ?? {};
    expect(headers).toMatchObject({
      ...{ 'content-type': 'application/json', 'x-opendsr-processor-domain': 'privacy.example.com' },
    });
    expect(headers).not.toHaveProperty('x-opendsr-signature');
  });

  it('to a private address is not made', async () => {
    const calls = out(configured({ openDsrDomain: 'privacy.example.com' }, {}));
    const refused = { kind: 'failed', reason: 'ForbiddenAddress', isAnswered: false };
    for (const url of ['https://127.0.0.1/', 'https://localhost/', 'http://tool.example/'])
      expect(await calls(url, '{}')).toEqual(refused);
  });

  it('behind a proxy is made to whatever a name is there, but to no private address itself', async () => {
    const calls = out(configured({ openDsrDomain: 'privacy.example.com' }), 2_000);
    const before = proxy.received.length;
    const refused = { kind: 'failed', reason: 'ForbiddenAddress', isAnswered: false };
    for (const url of ['https://127.0.0.1/200', 'https://[::1]/200']) expect(await calls(url, '{}')).toEqual(refused);
    expect(proxy.received.length).toBe(before);
    expect(await calls('https://inside.internal/200', '{}')).toEqual({ kind: 'told' });
  });

  it('cannot be made once the platform has no domain any more', () => expect(callsOut(configured({}))).toBeUndefined());
});
