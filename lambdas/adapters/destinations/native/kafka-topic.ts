import { Kafka, KafkaJSNumberOfRetriesExceeded, logLevel, type Producer, type SASLOptions } from 'kafkajs';
import type { Destination, Item } from '../../../core/destinations/destination.ts';
import type { Egress } from '../../../core/destinations/egress.ts';
import { type Outcome, outcomeOf } from '../../../core/destinations/outcome.ts';
import { onTrip } from '../../egress/trip.ts';

/** A topic, its brokers as `host:port`, and who signs in. */
export interface Topic {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly tls: boolean;
}

/** What the destination's secret has. */
export interface KafkaSecret {
  readonly sasl?: SASLOptions | undefined;
  readonly allowedPrivateHosts: readonly string[];
}

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
    const { sasl, allowedPrivateHosts } = await secret();
    return onTrip({ allowedPrivateHosts, proxy, deadline }, async () => {
      const kafka = new Kafka({
        ...patience,
        brokers: [...brokers],
        clientId: 'customer-data-platform',
        ssl: tls,
        retry: { retries: 0 },
        logLevel: logLevel.NOTHING,
        ...(sasl !== undefined && { sasl }),
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
    const outcome = outcomeOf(causeOf(error), 1);
    return items.map(() => outcome);
  } finally {
    await producer.disconnect().catch(() => {});
  }
}

/** The library wraps what it does not try again itself; what it wraps says whether another try can succeed. */
const causeOf = (error: unknown): unknown =>
  error instanceof KafkaJSNumberOfRetriesExceeded && error.cause !== undefined ? error.cause : error;
