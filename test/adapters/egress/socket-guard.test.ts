import dns from 'node:dns';
import { type EventEmitter, once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { forbiddenCode } from '../../../lambdas/adapters/egress/addresses.ts';
import { offTrip, onTrip } from '../../../lambdas/adapters/egress/trip.ts';
import { closeReceivers, receiver } from '../../fixtures/receiver.ts';

afterEach(() => {
  closeReceivers();
  vi.restoreAllMocks();
});

const connected = async (socket: EventEmitter) => {
  await once(socket, 'connect');
  // The receiver ends connections when a test is over.
  socket.on('error', () => {});
  return 'connected';
};
/** How clients reach a host without the guarded fetch. */
const clients: Record<string, (host: string, port: number) => Promise<unknown>> = {
  'a socket by options': (host, port) => connected(net.connect({ host, port })),
  'a socket by port and host': (host, port) => connected(new net.Socket().connect(port, host)),
  'a socket that writes at once': async (host, port) => {
    const socket = net.connect({ host, port });
    socket.write('hello');
    return connected(socket);
  },
  'TLS, as SSH and Kafka use it': (host, port) => once(tls.connect({ host, port }), 'secureConnect'),
  'HTTP with its global agent': async (host, port) => once(http.get({ host, port }), 'response'),
  'HTTP with an agent of its own': async (host, port) =>
    once(http.get({ host, port, agent: new http.Agent({ keepAlive: true }) }), 'response'),
  'a lookup of its own': (host, port) =>
    connected(
      net.connect({
        host,
        port,
        lookup: (_name, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
      }),
    ),
  "Node's fetch": (host, port) => fetch(`http://${host}:${port}/`),
  'HTTP/2': (host, port) => connected(http2.connect(`http://${host}:${port}`)),
  'the AWS SDK': (host, port) => bucketsAt(`http://${host}:${port}`),
};
const bucketsAt = (endpoint: string) =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  }).send(new ListBucketsCommand());

const deadline = Number.POSITIVE_INFINITY;
const within = (act: () => Promise<unknown>, allowedPrivateHosts: string[] = [], proxy?: string) =>
  onTrip({ allowedPrivateHosts, proxy, deadline }, act).then(
    () => 'reached',
    (error: { code?: string; cause?: { code?: string } }) => error.code ?? error.cause?.code ?? error,
  );

describe.each(Object.entries(clients))('%s', (name, client) => {
  it.each(['127.0.0.1', 'localhost'])('does not reach %s within an attempt', async (host) => {
    const { host: place, requests } = await receiver({});
    expect(await within(() => client(host, Number(place.split(':')[1])))).toBe(forbiddenCode);
    expect(requests).toEqual([]);
  });

  it('reaches what an operator allowed', async () => {
    const { host } = await receiver({ body: '<a/>', headers: { 'content-type': 'application/xml' } });
    const [address = '', port = ''] = host.split(':');
    const ended = await within(() => client(address, Number(port)), [host]);
    expect(ended).not.toBe(forbiddenCode);
    if (!/TLS|AWS/.test(name)) expect(ended).toBe('reached');
  });
});

it('leaves alone what the platform itself calls, also within an attempt', async () => {
  const { host } = await receiver({});
  const [address = '', port = ''] = host.split(':');
  const open = () => connected(net.connect({ host: address, port: Number(port) }));
  await within(async () => {});
  expect(await open()).toBe('connected');
  expect(await within(() => offTrip(open))).toBe('reached');
  expect(await within(open)).toBe(forbiddenCode);
});

it('refuses local sockets', async () =>
  expect(await within(() => connected(net.connect(join(tmpdir(), 'docker.sock'))))).toBe(forbiddenCode));

it('connects to the address that it checked, whatever the name means next', async () => {
  let asked = 0;
  const meant = () => [{ address: asked++ === 0 ? '8.8.8.8' : '127.0.0.1', family: 4 }];
  vi.spyOn(dns, 'lookup').mockImplementation(((_name: string, _options: object, found: CallableFunction) =>
    setImmediate(() => found(null, meant()))) as never);
  const attempts: string[] = [];
  const ended = within(() => {
    const opened = net.connect({ host: 'rebinds.example', port: 9 });
    opened.once('lookup', (_error, address) => {
      attempts.push(address);
      opened.destroy(Object.assign(new Error(), { code: 'SEEN' }));
    });
    return connected(opened);
  });
  expect([await ended, attempts, asked]).toEqual(['SEEN', ['8.8.8.8'], 1]);
});

describe('behind a proxy', () => {
  it('only the proxy is reached', async () => {
    const { host } = await receiver({});
    const [address = '', port = ''] = host.split(':');
    const proxy = `http://${host}`;
    expect(await within(() => connected(net.connect(Number(port), address)), [], proxy)).toBe('reached');
    expect(await within(() => connected(net.connect(443, '192.0.2.1')), [], proxy)).toBe(forbiddenCode);
  });
});
