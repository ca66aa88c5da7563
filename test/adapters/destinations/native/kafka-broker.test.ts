import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kafkaTopic } from '../../../../lambdas/adapters/destinations/native/kafka-topic.ts';
import { trust } from '../../../../lambdas/adapters/egress/trusted.ts';
import type { Item } from '../../../../lambdas/core/destinations/destination.ts';
import { makeAuthority } from '../../../fixtures/catalogue/authority.ts';
import { type Broker, startBroker } from '../../../fixtures/kafka/broker.ts';

const authority = makeAuthority();
let broker: Broker;
beforeAll(async () => {
  broker = await startBroker(authority);
  await broker.makeTopic('people', 3);
  await broker.makeTopic('small', 1);
}, 240_000);
afterAll(() => broker?.close());

const itemsOf = (batch: string, count: number, of: (n: number) => string = (n) => `user-${n % 7}`): Item[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `${batch}-${n}`,
    call: { type: 'identify', messageId: `${batch}-${n}`, timestamp: '2026-05-01T10:00:00.000Z', userId: of(n) },
  }));
/** How somebody reaches the broker; by default without TLS, as the user that it knows. */
interface Way {
  readonly topic?: string;
  readonly password?: string;
  readonly mechanism?: string;
  readonly tls?: boolean;
}
const tell = (items: readonly Item[], way: Way = {}) => {
  const { topic = 'people', password = broker.user.password, mechanism = 'plain', tls: isSecure = false } = way;
  const address = isSecure ? broker.secure : broker.address;
  const settings = { mechanism, username: broker.user.username, password };
  return kafkaTopic(
    { brokers: [address], topic, tls: isSecure },
    async () => ({ settings, allowedPrivateHosts: [address] }),
    {},
  ).deliver(items, { deadline: Date.now() + 20_000 });
};
const kindsOf = async (told: ReturnType<typeof tell>) => [...new Set((await told).map(({ kind }) => kind))];
const idsIn = async (topic: string) =>
  (await broker.read(topic)).map(({ value }) => JSON.parse(value).messageId as string);

it('gets a batch of a thousand calls, each person’s in one partition and in their order', async () => {
  const items = itemsOf('batch', 1_000);
  expect(await kindsOf(tell(items))).toEqual(['delivered']);
  const written = await broker.read('people');
  expect(written.map(({ value }) => value).toSorted()).toEqual(
    items.map(({ call }) => JSON.stringify(call)).toSorted(),
  );
  const byPerson = Map.groupBy(written, ({ key }) => key);
  expect(byPerson.size).toBe(7);
  for (const [person, records] of byPerson) {
    expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
    expect(records.map(({ value }) => JSON.parse(value).messageId)).toEqual(
      items.filter(({ call }) => call.userId === person).map(({ id }) => id),
    );
  }
}, 60_000);

it('that ends in between is told again when it is back, and has everything', async () => {
  const before = itemsOf('before', 50);
  const during = itemsOf('during', 50);
  expect(await kindsOf(tell(before))).toEqual(['delivered']);
  await broker.kill();
  expect(await kindsOf(tell(during))).toEqual(['retry']);
  await broker.start();
  // It answers before it leads its partitions again.
  await expect.poll(() => kindsOf(tell(during)), { timeout: 60_000 }).toEqual(['delivered']);
  const ids = new Set(await idsIn('people'));
  expect([...before, ...during].filter(({ id }) => !ids.has(id))).toEqual([]);
}, 120_000);

it('that does not accept who signs in gets nothing, and waits for an operator', async () => {
  expect(await kindsOf(tell(itemsOf('stranger', 3), { password: 'another' }))).toEqual(['unauthorized']);
  expect((await idsIn('people')).filter((id) => id.startsWith('stranger'))).toEqual([]);
}, 60_000);

it('without the topic is told again later', async () => {
  expect(await kindsOf(tell(itemsOf('nowhere', 3), { topic: 'nowhere' }))).toEqual(['retry']);
}, 60_000);

it('that finds a batch too large refuses it, so that smaller ones are told', async () => {
  const huge = itemsOf('huge', 40, (n) => `${n}`.padEnd(40_000, 'x'));
  expect(await kindsOf(tell(huge, { topic: 'small' }))).toEqual(['refused']);
  expect(await kindsOf(tell(huge.slice(0, 10), { topic: 'small' }))).toEqual(['delivered']);
}, 60_000);

describe('over TLS, with SCRAM', () => {
  const trusted = tls.getCACertificates('default');
  const secure = { tls: true, mechanism: 'scram-sha-512' };
  afterAll(() => tls.setDefaultCACertificates(trusted));

  it('is not told anything before its certificate is trusted', async () => {
    expect(await kindsOf(tell(itemsOf('untrusted', 3), secure))).toEqual(['retry']);
    trust(authority.ca);
  }, 60_000);

  it.each(['scram-sha-256', 'scram-sha-512'])(
    'gets what is sent by who signs in by %s',
    async (mechanism) => {
      expect(await kindsOf(tell(itemsOf(mechanism, 20), { ...secure, mechanism }))).toEqual(['delivered']);
      expect((await idsIn('people')).filter((id) => id.startsWith(`${mechanism}-`))).toHaveLength(20);
    },
    60_000,
  );

  it.each([
    { by: 'a wrong password', way: { ...secure, password: 'another' } },
    { by: 'another mechanism than it takes', way: { ...secure, mechanism: 'plain' } },
  ])(
    'gets nothing from who signs in by $by, and waits for an operator',
    async ({ by, way }) => {
      expect(await kindsOf(tell(itemsOf(by, 3), way))).toEqual(['unauthorized']);
    },
    60_000,
  );

  it('has got nothing from those', async () => {
    const ids = await idsIn('people');
    expect(ids.filter((id) => /^(untrusted|a wrong|another)/.test(id))).toEqual([]);
  }, 60_000);
});
