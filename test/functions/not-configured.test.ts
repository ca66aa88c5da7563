import { expect, it } from 'vitest';
import { destination as loyalty } from '../../docs/examples/own-destination.ts';
import { parseToolSecret } from '../../lambdas/adapters/destinations/catalogue/tool-secret.ts';
import { kafkaTopic } from '../../lambdas/adapters/destinations/native/kafka-topic.ts';
import { slack } from '../../lambdas/adapters/destinations/native/slack.ts';
import { ownDestination } from '../../lambdas/adapters/destinations/own/own-destination.ts';
import { webhook } from '../../lambdas/adapters/destinations/webhook.ts';
import { parseDestinationSettings } from '../../lambdas/adapters/secrets/destination-settings.ts';
import type { Destination, Item } from '../../lambdas/core/destinations/destination.ts';
import { callAll } from '../../lambdas/functions/deliver/calls.ts';

const items = ['a', 'b', 'c'].map(
  (id): Item => ({ id, call: { type: 'identify', messageId: id, timestamp: '2026-05-01T10:00:00.000Z', userId: id } }),
);
const topic = { brokers: ['kafka.example.com:9092'], topic: 'people', tls: true };

/** Destinations of each kind that has a secret, by the text in it. */
const kinds: Readonly<Record<string, (text: string) => Destination>> = {
  webhook: (text) => webhook(async () => parseDestinationSettings(text), {}),
  slack: (text) => slack(async () => parseDestinationSettings(text), {}),
  kafka: (text) => kafkaTopic(topic, async () => parseToolSecret(text), {}),
  'own code': (text) => ownDestination(loyalty, async () => parseToolSecret(text), {}),
};

it.each(
  Object.keys(kinds).flatMap((kind) =>
    ['a-generated-placeholder', '{"settings":{"usrname":"x"}}'].map((text) => ({ kind, text })),
  ),
)('$kind with $text in its secret waits for an operator, and loses no delivery', async ({ kind, text }) => {
  let calls = 0;
  const made = kinds[kind]?.(text);
  const watched: Destination = {
    batches: made?.batches,
    deliver: async (...given) => {
      calls += 1;
      return (await made?.deliver(...given)) ?? [];
    },
  };
  const outcomes = await callAll(items, watched, { deadline: Date.now() + 5_000, now: Date.now });
  expect([...outcomes.values()].map((outcome) => outcome.kind)).toEqual(items.map(() => 'unauthorized'));
  expect(JSON.stringify([...outcomes.values()])).not.toContain('usrname');
  expect(calls).toBe(made?.batches === undefined ? items.length : 1);
});
