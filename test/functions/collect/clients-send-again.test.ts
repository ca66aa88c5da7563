import { spawn } from 'node:child_process';
import { once } from 'node:events';
import RudderStack from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { afterEach, expect, it } from 'vitest';
import { serverKey } from '../../fixtures/in-memory/collect.ts';
import { type CollectServer, serveCollect } from '../../fixtures/in-memory/collect-server.ts';

const call = {
  type: 'track',
  event: 'Bought',
  userId: 'u-1',
  properties: {},
  at: '2026-11-23T11:00:00+00:00',
} as const;

type Send = (host: string) => Promise<void>;

const byPython =
  (library: 'segment' | 'rudderstack'): Send =>
  async (host) => {
    const child = spawn('.venv-emulator/bin/python', ['test/e2e/clients/send_calls.py', library], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.end(JSON.stringify({ host, writeKey: serverKey, gzip: true, retries: 3, calls: [call] }));
    await once(child, 'close');
  };

const bySegment: Send = async (host) => {
  const client = new Analytics({ writeKey: serverKey, host, maxRetries: 3 });
  client.on('error', () => {});
  client.track({ userId: call.userId, event: call.event });
  await client.closeAndFlush();
};

const byRudderStack: Send = async (host) => {
  const client = new RudderStack(serverKey, {
    dataPlaneUrl: host,
    logLevel: 'none',
    retryCount: 3,
    errorHandler: () => {},
  });
  const told = new Promise((resolve) => client.track({ userId: call.userId, event: call.event }, resolve as never));
  await client.flush();
  await told;
};

const compressing = [
  { client: "Segment's for Python", send: byPython('segment') },
  { client: "RudderStack's for Python", send: byPython('rudderstack') },
  { client: "RudderStack's for Node", send: byRudderStack },
];
const clients = [...compressing, { client: "Segment's for Node", send: bySegment }];

let server: CollectServer;
afterEach(() => server.close());

const damaged = (body: Buffer) => ({ body: body.toString('utf8'), isBase64Encoded: false });
const whole = (body: Buffer) => ({ body: body.toString('base64'), isBase64Encoded: true });

it.each(compressing)('$client sends again what was damaged on its way, and it is taken once', async ({ send }) => {
  server = await serveCollect((body, nth) => (nth === 0 ? damaged(body) : whole(body)));
  await send(server.url);
  expect(server.statuses).toEqual([503, 200]);
  expect(server.collect.events().map(({ event }) => event)).toEqual(['Bought']);
  expect(server.collect.counts).toMatchObject([{ damaged: 1 }, { accepted: 1 }]);
});

it.each(clients.flatMap(({ client, send }) => [400, 413, 415].map((status) => ({ client, send, status }))))(
  '$client drops what is answered with $status',
  async ({ send, status }) => {
    server = await serveCollect(() => status);
    await send(server.url);
    expect(server.statuses).toEqual([status]);
  },
);

it.each(clients.flatMap(({ client, send }) => [429, 503].map((status) => ({ client, send, status }))))(
  '$client sends again what is answered with $status',
  async ({ send, status }) => {
    server = await serveCollect((body, nth) => (nth === 0 ? status : whole(body)));
    await send(server.url);
    expect(server.statuses).toEqual([status, 200]);
  },
);
