import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SASLOptions } from 'kafkajs';
import * as z from 'zod';
import type { DestinationOf } from '../../../core/destinations/definition.ts';
import type { Destination } from '../../../core/destinations/destination.ts';
import type { Egress } from '../../../core/destinations/egress.ts';
import { configuredAs } from '../../../core/destinations/not-configured.ts';
import type { DestinationSettings } from '../../secrets/destination-settings.ts';
import type { ToolSecret } from '../catalogue/tool-secret.ts';
import { email } from './email.ts';
import { eventBus } from './event-bus.ts';
import { kafkaTopic } from './kafka-topic.ts';
import { s3Files } from './s3-files.ts';
import { slack } from './slack.ts';
import { snsTopic } from './sns-topic.ts';
import { sqsQueue } from './sqs-queue.ts';

/** What native destinations share: the destination's secret, and the way out. */
export interface NativeDeps {
  readonly settings: () => Promise<DestinationSettings>;
  /** The secret of a destination without a URL of its own. */
  readonly secret: () => Promise<ToolSecret>;
  readonly egress: Egress;
  readonly now: () => number;
}

/** Who signs in to Kafka: the settings of the destination's secret; empty if nobody does. */
const Sasl = z.union([
  z.strictObject({}),
  z.strictObject({
    mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
    username: z.string().min(1),
    password: z.string().min(1),
  }),
]);

/** A client's settings for the region of an ARN. */
const regionOf = (arn: string) => ({ region: arn.split(':')[3] ?? '' });

/** Makes native destinations by their kind. Each client is of the region that the destination is in. */
export const nativeMakers = ({ settings, secret, egress, now }: NativeDeps) => ({
  s3: (to: DestinationOf<'s3'>): Destination => s3Files(new S3Client({ followRegionRedirects: true }), to, now),
  sqs: ({ queue }: DestinationOf<'sqs'>): Destination => sqsQueue(new SQSClient(regionOf(queue)), queue),
  sns: ({ topic }: DestinationOf<'sns'>): Destination => snsTopic(new SNSClient(regionOf(topic)), topic),
  eventbridge: ({ bus }: DestinationOf<'eventbridge'>): Destination =>
    eventBus(new EventBridgeClient(regionOf(bus)), bus),
  email: (letters: DestinationOf<'email'>): Destination => email(new SESv2Client(regionOf(letters.identity)), letters),
  slack: (): Destination => slack(settings, egress),
  kafka: (topic: DestinationOf<'kafka'>): Destination =>
    kafkaTopic(
      topic,
      async () => {
        const { settings: given, allowedPrivateHosts } = await secret();
        const sasl = configuredAs(Sasl, given);
        return { allowedPrivateHosts, ...('mechanism' in sasl && { sasl: sasl as SASLOptions }) };
      },
      egress,
    ),
});
