import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { destination as loyalty } from '../../../../docs/examples/own-destination.ts';
import { kafkaTopic } from '../../../../lambdas/adapters/destinations/native/kafka-topic.ts';
import { slack } from '../../../../lambdas/adapters/destinations/native/slack.ts';
import { defineDestination } from '../../../../lambdas/adapters/destinations/own/define-destination.ts';
import { ownDestination } from '../../../../lambdas/adapters/destinations/own/own-destination.ts';
import type { Item } from '../../../../lambdas/core/destinations/destination.ts';
import { closeReceivers, receiver } from '../../../fixtures/receiver.ts';

afterEach(closeReceivers);

const context = () => ({ deadline: Date.now() + 10_000 });
const itemOf = (userId: string, about?: string): Item => ({
  id: `m-${userId}`,
  call: { type: 'identify', messageId: `m-${userId}`, timestamp: '2026-05-01T10:00:00.000Z', userId },
  about,
});
const settings =
  (host: string, allowedPrivateHosts = [host]) =>
  async () => ({ url: `http://${host}/x`, allowedPrivateHosts });

const nothing = async () => ({ settings: {}, environment: {}, allowedPrivateHosts: [] });

describe('slack', () => {
  it('gets a line with ids, in which nothing is markup', async () => {
    const { requests, host } = await receiver({});
    const outcomes = await slack(settings(host), {}).deliver([itemOf('<!channel> & co', 'vip')], context());
    expect(outcomes).toEqual([{ kind: 'delivered', requests: 1, status: 200 }]);
    expect(requests.map(({ body }) => JSON.parse(body))).toEqual([
      { text: '*identify* · vip · &lt;!channel&gt; &amp; co' },
    ]);
  });

  it.each([
    { status: 429, headers: { 'retry-after': '7' }, outcome: { kind: 'retry', after: '7' } },
    { status: 404, headers: {}, outcome: { kind: 'refused' } },
  ] as { status: number; headers: Record<string, string>; outcome: object }[])(
    'that answers $status is $outcome',
    async ({ status, headers, outcome }) => {
      const { host } = await receiver({ status, headers });
      expect((await slack(settings(host), {}).deliver([itemOf('a')], context()))[0]).toMatchObject({
        ...outcome,
        status,
      });
    },
  );

  it('at a private address that nobody allowed gets nothing', async () => {
    const { requests, host } = await receiver({});
    const [outcome] = await slack(settings(host, []), {}).deliver([itemOf('a')], context());
    expect([outcome?.kind, requests.length]).toEqual(['refused', 0]);
  });
});

describe('a destination of a team’s own', () => {
  const secret = (host: string) => async () => ({
    settings: { url: `http://${host}/people`, apiKey: 'k' },
    environment: {},
    allowedPrivateHosts: [host],
  });

  it('tells its items in one request, and says what became of each', async () => {
    const { requests, host } = await receiver({ body: '{"unknown":["bob"]}' });
    const outcomes = await ownDestination(loyalty, secret(host), {}).deliver(
      [itemOf('ann', 'vip'), itemOf('bob')],
      context(),
    );
    expect(outcomes).toEqual([
      { kind: 'delivered', requests: 1 },
      { kind: 'refused', reason: 'unknown person', requests: 1 },
    ]);
    expect(requests.map(({ body, headers }) => [JSON.parse(body), headers.authorization])).toEqual([
      [
        {
          people: [
            { id: 'ann', what: 'vip' },
            { id: 'bob', what: 'identify' },
          ],
        },
        'Bearer k',
      ],
    ]);
  });

  it.each([
    { status: 503, kind: 'retry' },
    { status: 400, kind: 'refused' },
    { status: 401, kind: 'unauthorized' },
  ])('whose receiver answers $status is $kind', async ({ status, kind }) => {
    const { host } = await receiver({ status });
    const outcomes = await ownDestination(loyalty, secret(host), {}).deliver([itemOf('ann'), itemOf('bob')], context());
    expect(outcomes.map((outcome) => outcome.kind)).toEqual([kind, kind]);
  });

  it('that sends nothing has delivered nothing', async () => {
    const silent = defineDestination({ settings: z.object({}), deliver: async () => undefined });
    expect(await ownDestination(silent, nothing, {}).deliver([itemOf('a')], context())).toEqual([
      { kind: 'filtered', reason: 'nothing sent', requests: 0 },
    ]);
  });

  it('that throws anything is tried again a few times', async () => {
    const broken = defineDestination({
      settings: z.object({}),
      deliver: async () => {
        throw new TypeError('x is not a function');
      },
    });
    expect(await ownDestination(broken, nothing, {}).deliver([itemOf('a')], context())).toMatchObject([
      { kind: 'retry', reason: 'TypeError', mostTries: 3 },
    ]);
  });
});

describe('kafka', () => {
  const topic = (broker: string) => ({ brokers: [broker], topic: 'people', tls: false });

  it('at a private address that nobody allowed is not connected to', async () => {
    let connections = 0;
    const server = createServer(() => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const broker = `127.0.0.1:${(server.address() as { port: number }).port}`;
    const [outcome] = await kafkaTopic(
      topic(broker),
      async () => ({ settings: {}, allowedPrivateHosts: [] }),
      {},
    ).deliver([itemOf('a')], context());
    expect([outcome?.kind, connections]).toEqual(['retry', 0]);
    server.close();
  });

  it('that is not there is tried again', async () => {
    const broker = '127.0.0.1:1';
    const [outcome] = await kafkaTopic(
      topic(broker),
      async () => ({ settings: {}, allowedPrivateHosts: [broker] }),
      {},
    ).deliver([itemOf('a')], context());
    expect(outcome?.kind).toBe('retry');
  });
});
