import { kafkaTopic } from '../../../adapters/destinations/native/kafka-topic.ts';
import { kindOf } from './kind.ts';
import { ownSecret } from './own-secret.ts';

/** A topic of Kafka. */
export const kind = kindOf('kafka', (topic, { egress, now }) => {
  const { tool, text } = ownSecret(now);
  return { destination: kafkaTopic(topic, tool, egress), secret: text };
});
