import { afterAll, beforeAll, expect, it } from 'vitest';
import { kafkaTopic } from '../../../../lambdas/adapters/destinations/native/kafka-topic.ts';
import type { Item } from '../../../../lambdas/core/destinations/destination.ts';
import { type Broker, startBroker } from '../../../fixtures/kafka/broker.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker();
  await broker.makeTopic('people', 3);
  await broker.makeTopic('small', 1);
}, 240_000);
afterAll(() => broker?.close());

const itemsOf = (batch: string, count: number, of: (n: number) => string = (n) => `user-${n % 7}`): Item[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `${batch}-${n}`,
    call: { type: 'identify', messageId: `${batch}-${n}`, timestamp: '2026-05-01T10:00:00.000Z', userId: of(n) },
  }));
const tell = (items: readonly Item[], { topic = 'people', password = broker.user.password } = {}) =>
  kafkaTopic(
    { brokers: [broker.address], topic, tls: false },
    async () => ({
      settings: { mechanism: 'plain', username: broker.user.username, password },
      allowedPrivateHosts: [broker.address],
    }),
    {},
  ).deliver(items, { deadline: Date.now() + 20_000 });
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
