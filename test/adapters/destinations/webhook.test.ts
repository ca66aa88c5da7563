import { createHmac } from 'node:crypto';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type * as webhookModule from '../../../lambdas/adapters/destinations/webhook.ts';
import {
  destinationSettings,
  parseDestinationSettings,
} from '../../../lambdas/adapters/secrets/destination-settings.ts';
import { DestinationNotConfigured } from '../../../lambdas/core/destinations/not-configured.ts';
import { newProfile } from '../../../lambdas/core/profile/profile.ts';
import { bundled } from '../../fixtures/bundled.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { closeReceivers, receiver } from '../../fixtures/receiver.ts';
import { audienceEvent } from '../../fixtures/told.ts';

const event = audienceEvent(
  { ...newProfile('p1', eventOf({})), segments: new Map([['vip', minute(1)]]) },
  'vip',
  configOf().identity,
  minute(2),
);
const context = { deadline: Number.POSITIVE_INFINITY };
let webhook: typeof webhookModule.webhook;
beforeAll(async () => {
  ({ webhook } = await bundled<typeof webhookModule>('lambdas/adapters/destinations/webhook.ts'));
});
afterEach(closeReceivers);

const settingsFor =
  (host: string, allowed = [host], url = `http://${host}/hook`) =>
  async () =>
    parseDestinationSettings(JSON.stringify({ url, sharedSecret: 'shh', allowedPrivateHosts: allowed }));
const outcome = async (settings: ReturnType<typeof settingsFor>) =>
  (await webhook(settings, {}).deliver([{ id: event.messageId, call: event }], context))[0];

it('posts the event, signed', async () => {
  const { requests, host } = await receiver({ status: 200 });
  expect(await outcome(settingsFor(host))).toEqual({ kind: 'delivered', requests: 1, status: 200 });
  expect(requests.map(({ body }) => JSON.parse(body))).toEqual([JSON.parse(JSON.stringify(event))]);
  expect(requests[0]?.headers['x-signature']).toBe(
    createHmac('sha1', 'shh')
      .update(requests[0]?.body ?? '')
      .digest('hex'),
  );
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = requests[0]?.headers ?? {};
  expect(id).toBe(event.messageId);
  expect(Math.abs(Number(at) * 1_000 - Date.now())).toBeLessThan(60_000);
  expect(signature).toBe(
    `v1,${createHmac('sha256', 'shh').update(`${id}.${at}.${requests[0]?.body}`).digest('base64')}`,
  );
});

it('posts an event of any type, which the catalogue’s webhook would not', async () => {
  const { requests, host } = await receiver({ status: 200 });
  const call = { type: 'identify' as const, messageId: 'm', timestamp: minute(1), userId: 'ann', traits: { a: 1 } };
  await webhook(settingsFor(host), {}).deliver([{ id: 'm', call }], context);
  expect(requests.map(({ body }) => JSON.parse(body))).toEqual([call]);
});

it.each([
  { status: 500, kind: 'retry' },
  { status: 404, kind: 'refused' },
  { status: 429, kind: 'retry' },
  { status: 401, kind: 'unauthorized' },
])('tells $kind when the receiver answers $status', async ({ status, kind }) => {
  const { host } = await receiver({ status });
  expect(await outcome(settingsFor(host))).toEqual({ kind, status, reason: `HTTPError ${status}`, requests: 1 });
});

it('tells what the receiver said of its return', async () => {
  const { host } = await receiver({ status: 503, headers: { 'retry-after': '120' } });
  expect(await outcome(settingsFor(host))).toMatchObject({ kind: 'retry', status: 503, after: '120' });
});

it('reaches no private address that its operator did not name', async () => {
  const { requests, host } = await receiver({ status: 200 });
  const refused = { kind: 'refused', reason: 'ForbiddenAddress', requests: 1 };
  expect(await outcome(settingsFor(host, []))).toEqual(refused);
  expect(await outcome(settingsFor(host, [], 'https://localhost/'))).toEqual(refused);
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
