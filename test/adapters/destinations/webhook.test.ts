import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { NotTaken } from '../../../lambdas/adapters/destinations/catalogue.ts';
import { webhook } from '../../../lambdas/adapters/destinations/webhook.ts';
import {
  DestinationNotConfigured,
  destinationSettings,
  parseDestinationSettings,
} from '../../../lambdas/adapters/secrets/destination-settings.ts';
import { audienceEvent } from '../../../lambdas/core/destinations/audience-event.ts';
import { newProfile } from '../../../lambdas/core/profile/profile.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const event = audienceEvent(
  { ...newProfile('p1', eventOf({})), segments: new Map([['vip', minute(1)]]) },
  'vip',
  configOf().identity,
  minute(2),
);
const items = [{ id: event.messageId, call: event }];
const context = { deadline: Number.POSITIVE_INFINITY };
let server: Server | undefined;
afterEach(() => server?.close());

/** A receiver that answers `status` and keeps what it got. */
async function receiver(status: number, headers: Record<string, string> = {}) {
  const requests: { headers: IncomingMessage['headers']; body: string }[] = [];
  server = createServer(async (request, response) => {
    requests.push({ headers: request.headers, body: Buffer.concat(await request.toArray()).toString() });
    response.writeHead(status, headers).end('{}');
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { requests, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const settingsFor =
  (host: string, allowed = [host]) =>
  async () =>
    parseDestinationSettings(
      JSON.stringify({ url: `http://${host}/hook`, sharedSecret: 'shh', allowedPrivateHosts: allowed }),
    );

it('posts the event, signed', async () => {
  const { requests, host } = await receiver(200);
  await webhook(settingsFor(host)).deliver(items, context);
  expect(requests.map(({ body }) => JSON.parse(body))).toEqual([JSON.parse(JSON.stringify(event))]);
  expect(requests[0]?.headers['x-signature']).toBe(
    createHmac('sha1', 'shh')
      .update(requests[0]?.body ?? '')
      .digest('hex'),
  );
});

it.each([500, 404, 429])('fails when the receiver answers %i', async (status) => {
  const { host } = await receiver(status);
  await expect(webhook(settingsFor(host)).deliver(items, context)).rejects.toThrow();
});

it.each([
  [503, { 'retry-after': '120' }, '120'],
  [429, {}, undefined],
])('tells of %i what the receiver said of its return', async (status, headers, retryAfter) => {
  const { host } = await receiver(status, headers);
  await expect(webhook(settingsFor(host)).deliver(items, context)).rejects.toMatchObject({
    name: 'NotTaken',
    status,
    retryAfter,
  });
});

it('says of a receiver that is not there what its connection said', async () => {
  const { host } = await receiver(200);
  server?.close();
  await expect(webhook(settingsFor(host)).deliver(items, context)).rejects.not.toBeInstanceOf(NotTaken);
});

it('follows no redirect', async () => {
  const { requests, host } = await receiver(307, { location: 'http://169.254.169.254/' });
  await expect(webhook(settingsFor(host)).deliver(items, context)).rejects.toThrow(/redirect/);
  expect(requests).toHaveLength(1);
});

it('reaches no private address that its operator did not name', async () => {
  const { requests, host } = await receiver(200);
  await expect(webhook(settingsFor(host, [])).deliver(items, context)).rejects.toThrow(/https:/);
  const itself = webhook(async () => parseDestinationSettings('{"url":"https://localhost/"}'));
  await expect(itself.deliver(items, context)).rejects.toThrow(/private/);
  expect(requests).toEqual([]);
});

it.each([
  ['a-generated-placeholder', 'text: not JSON'],
  ['{}', 'url:'],
  ['{"url":"ftp://example.com"}', 'url:'],
  ['{"url":"https://example.com","secret":"x"}', 'secret'],
])('says what is missing in the settings %s', (text, problem) => {
  expect(() => parseDestinationSettings(text)).toThrow(DestinationNotConfigured);
  expect(() => parseDestinationSettings(text)).toThrow(problem);
});

it('reads settings again once they are a minute old', async () => {
  let reads = 0;
  let time = 0;
  const client = { send: async () => ({ SecretString: `{"url":"https://example.com/${++reads}"}` }) };
  const settings = destinationSettings(client as never, 'secret', () => time);
  const urls = [];
  for (time of [0, 60_000, 60_001]) urls.push((await settings()).url);
  expect(urls).toEqual(['https://example.com/1', 'https://example.com/1', 'https://example.com/2']);
});
