import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, NotSent } from '../../local/demo/senders.ts';
import type { Call, Sender } from '../../local/demo/shop/calls.ts';

interface Taken {
  readonly key: string;
  readonly batch: readonly Record<string, unknown>[];
}

let server: Server;
let taken: Taken[];
let status: number;

beforeEach(async () => {
  taken = [];
  status = 200;
  server = createServer(async (request, response) => {
    const body = await buffer(request);
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const [key = ''] = Buffer.from(request.headers.authorization?.slice('Basic '.length) ?? '', 'base64')
      .toString()
      .split(':');
    taken.push({ key, batch: JSON.parse(text.toString()).batch });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"success":true}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const client = (sender: Sender) =>
  clientOf(sender, {
    ingestUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writeKey: 'server-key',
    browserWriteKey: 'browser-key',
  });

const at = Date.parse('2026-03-13T09:00:00Z');
const calls: readonly Call[] = [
  { type: 'page', name: 'Home', messageId: 'm1', anonymousId: 'a', about: 'u', at },
  {
    type: 'identify',
    traits: { email: 'u@home.example' },
    messageId: 'm2',
    userId: 'u',
    anonymousId: 'a',
    about: 'u',
    at: at + 1,
  },
  {
    type: 'track',
    event: 'Order Completed',
    properties: { revenue: 9.5 },
    messageId: 'm3',
    userId: 'u',
    about: 'u',
    at: at + 2,
  },
  {
    type: 'track',
    event: 'Order Completed',
    properties: { revenue: 9.5 },
    messageId: 'm3',
    userId: 'u',
    about: 'u',
    at: at + 2,
  },
];

describe.each([
  { sender: 'storefront', key: 'browser-key' },
  { sender: 'shop-backend', key: 'server-key' },
  { sender: 'newsletter-tool', key: 'server-key' },
] as const)('$sender', ({ sender, key }) => {
  it('sends each call with its own id and time, those of a request in their order', async () => {
    const shop = client(sender);
    await shop.send(calls);
    await shop.send(calls);
    await shop.close();
    const sent = taken.flatMap(({ batch }) => batch);
    expect(sent.map(({ messageId }) => messageId)).toEqual([...calls, ...calls].map(({ messageId }) => messageId));
    expect(sent.map(({ timestamp }) => Date.parse(String(timestamp)))).toEqual(
      [...calls, ...calls].map((call) => call.at),
    );
    expect(new Set(taken.map((request) => request.key))).toEqual(new Set([key]));
  });

  it('says which calls were refused and why', async () => {
    status = 401;
    const shop = client(sender);
    await expect(shop.send(calls)).rejects.toThrow(NotSent);
    await shop.close();
  });
});

it("sends one request's calls in one request", async () => {
  const shop = client('shop-backend');
  for (let i = 0; i < 3; i++) await shop.send(calls);
  await shop.close();
  expect(taken.map(({ batch }) => batch.length)).toEqual([4, 4, 4]);
});
