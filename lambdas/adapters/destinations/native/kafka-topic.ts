import {
  Kafka,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
  KafkaJSSASLAuthenticationError,
  logLevel,
  type Producer,
  type SASLOptions,
} from 'kafkajs';
import * as z from 'zod';
import type { Destination, Item } from '../../../core/destinations/destination.ts';
import type { Egress } from '../../../core/destinations/egress.ts';
import { configuredAs } from '../../../core/destinations/not-configured.ts';
import { type Outcome, outcomeOf } from '../../../core/destinations/outcome.ts';
import { onTrip } from '../../egress/trip.ts';
import type { ToolSecret } from '../catalogue/tool-secret.ts';

/** A topic, its brokers as `host:port`, and who signs in. */
export interface Topic {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly tls: boolean;
}

/** What the destination's secret has: who signs in, and private brokers that may be called. */
export type KafkaSecret = Pick<ToolSecret, 'settings' | 'allowedPrivateHosts'>;

/** Who signs in; empty if nobody does. */
const Sasl = z.union([
  z.strictObject({}),
  z.strictObject({
    mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
    username: z.string().min(1),
    password: z.string().min(1),
  }),
]);

/** Milliseconds for a connection and for an answer. */
const patience = { connectionTimeout: 5_000, requestTimeout: 10_000 };

/** Writes calls to a topic of Kafka, keyed by person, so that a partition has them in the order of delivery. */
export const kafkaTopic = (
  { brokers, topic, tls }: Topic,
  secret: () => Promise<KafkaSecret>,
  { proxy }: Egress,
): Destination => ({
  batches: { size: 1_000, keyOf: () => '', severalOfOne: true },
  deliver: async (items, { deadline }) => {
    const { settings, allowedPrivateHosts } = await secret();
    const sasl = configuredAs(Sasl, settings);
    return onTrip({ allowedPrivateHosts, proxy, deadline }, async () => {
      const kafka = new Kafka({
        ...patience,
        brokers: [...brokers],
        clientId: 'customer-data-platform',
        ssl: tls,
        retry: { retries: 0 },
        logLevel: logLevel.NOTHING,
        ...('mechanism' in sasl && { sasl: sasl as SASLOptions }),
      });
      return send(kafka.producer({ allowAutoTopicCreation: false }), topic, items);
    });
  },
});

async function send(producer: Producer, topic: string, items: readonly Item[]): Promise<Outcome[]> {
  const messages = items.map(({ call }) => ({
    key: call.userId ?? call.anonymousId ?? null,
    value: JSON.stringify(call),
  }));
  try {
    await producer.connect();
    await producer.send({ topic, messages });
    return items.map(() => ({ kind: 'delivered', requests: 1 }));
  } catch (error) {
    const outcome = outcomeOfCause(causeOf(error));
    return items.map(() => outcome);
  } finally {
    await producer.disconnect().catch(() => {});
  }
}

/** The library wraps what it does not try again itself; what it wraps says whether another try can succeed. */
const causeOf = (error: unknown): unknown =>
  error instanceof KafkaJSNumberOfRetriesExceeded && error.cause !== undefined ? error.cause : error;

/** Answers of a broker that every call would get until an operator changes something. */
const denials = /AUTHORIZATION_FAILED|AUTHENTICATION_FAILED|SASL|SECURITY_DISABLED/;

function outcomeOfCause(cause: unknown): Outcome {
  const isDenied =
    cause instanceof KafkaJSSASLAuthenticationError ||
    (cause instanceof KafkaJSProtocolError && denials.test(String(cause.type)));
  const outcome = outcomeOf(cause, 1);
  return isDenied ? { kind: 'unauthorized', reason: outcome.reason, requests: 1 } : outcome;
}
