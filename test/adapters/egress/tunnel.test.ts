import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { guardedFetch } from '../../../lambdas/adapters/egress/guarded-fetch.ts';
import { onTrip } from '../../../lambdas/adapters/egress/trip.ts';
import { trust } from '../../../lambdas/adapters/egress/trusted.ts';

const directory = mkdtempSync(join(tmpdir(), 'cdp-tunnel-'));
const [keyFile, certificateFile] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
const asked: string[] = [];
const trusted = tls.getCACertificates('default');
let tool: https.Server;
let proxy: http.Server;
const portOf = (server: net.Server): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', '/CN=tool.example', '-addext', 'subjectAltName=DNS:tool.example'],
      ...['-keyout', keyFile, '-out', certificateFile],
    ],
    { stdio: 'ignore' },
  );
  const credentials = { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };
  tool = https.createServer(credentials, (request, response) => response.end(`hello ${request.headers.host}`));
  proxy = http.createServer().on('connect', (request, socket: net.Socket) => {
    asked.push(request.url ?? '');
    if (!request.url?.startsWith('tool.example:')) return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const upstream = net.connect(portOf(tool), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream]) end.on('error', () => {});
  });
  for (const server of [tool, proxy]) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => {
  tls.setDefaultCACertificates(trusted);
  for (const server of [tool, proxy]) {
    server.closeAllConnections();
    server.close();
  }
});

const through = (url: string) =>
  onTrip({ allowedPrivateHosts: [], proxy: `http://127.0.0.1:${portOf(proxy)}`, deadline: Date.now() + 5_000 }, () =>
    guardedFetch(url),
  ).then(
    (response) => response.text(),
    (error: { name: string; code?: string }) => `${error.name} ${error.code ?? ''}`,
  );

it('goes to a tool by the proxy, once the certificate is trusted, and nowhere else', async () => {
  expect(await through('https://tool.example/a?b=c')).toBe('ConnectionFailed DEPTH_ZERO_SELF_SIGNED_CERT');
  trust(readFileSync(certificateFile, 'utf8'));
  expect(await through('https://tool.example/a?b=c')).toBe('hello tool.example');
  expect(await through('https://refused.example/')).toBe('ConnectionFailed ECONNPROXY');
  expect(asked).toEqual(['tool.example:443', 'tool.example:443', 'refused.example:443']);
  expect(await through('http://tool.example/')).toBe('ForbiddenAddress FORBIDDEN_ADDRESS');
  expect(await through('https://10.0.0.1/')).toBe('ForbiddenAddress FORBIDDEN_ADDRESS');
  expect(asked).toHaveLength(3);
});
