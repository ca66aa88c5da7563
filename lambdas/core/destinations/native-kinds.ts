import * as z from 'zod';

const arnOf = (service: string, rest: string, example: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:${rest}$`), {
    error: `must be an ARN like ${example}`,
  });
const place = '[a-z0-9-]+:\\d{12}';

/** A client's settings for the region of an ARN. */
export const regionOf = (arn: string) => ({ region: arn.split(':')[3] ?? '' });

/** ARN of the KMS key that encrypts the place, if it is a key of yours. */
const key = arnOf('kms', `${place}:key/[\\w-]+`, 'arn:aws:kms:<region>:<account>:key/<id>').optional();

/** A bucket of S3, also of another account, whose policy must then allow the role of the destination's function. */
export const S3Destination = z.strictObject({
  /** Files in a bucket of S3. */
  kind: z.literal('s3'),
  /** Name of the bucket. */
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: 'must be the name of a bucket' }),
  /** Begins the name of each file. */
  prefix: z
    .string()
    .regex(/^([\w.=-]+\/)*$/, { error: 'must be empty or end in "/"' })
    .default(''),
  /** Form of the files. */
  format: z.enum(['ndjson', 'parquet']).default('ndjson'),
  /** ARN of the KMS key that encrypts it, if the key is yours. */
  key,
});

/** A standard queue of SQS. */
export const SqsDestination = z.strictObject({
  /** A queue of SQS. */
  kind: z.literal('sqs'),
  /** ARN of the queue. */
  queue: arnOf('sqs', `${place}:[\\w-]{1,80}`, 'arn:aws:sqs:<region>:<account>:orders'),
  /** ARN of the KMS key that encrypts it, if the key is yours. */
  key,
});

/** A standard topic of SNS. */
export const SnsDestination = z.strictObject({
  /** A topic of SNS. */
  kind: z.literal('sns'),
  /** ARN of the topic. */
  topic: arnOf('sns', `${place}:[\\w-]{1,256}`, 'arn:aws:sns:<region>:<account>:orders'),
  /** ARN of the KMS key that encrypts it, if the key is yours. */
  key,
});

/** A bus of EventBridge. */
export const EventBridgeDestination = z.strictObject({
  /** A bus of EventBridge. */
  kind: z.literal('eventbridge'),
  /** ARN of the bus. */
  bus: arnOf('events', `${place}:event-bus/[\\w./-]{1,256}`, 'arn:aws:events:<region>:<account>:event-bus/crm'),
});

/** Mails to fixed addresses by SES. */
export const EmailDestination = z.strictObject({
  /** Mails by SES. */
  kind: z.literal('email'),
  /** ARN of the verified identity that sends. */
  identity: arnOf('ses', `${place}:identity/[\\w.@+-]+`, 'arn:aws:ses:<region>:<account>:identity/example.com'),
  /** Sender. */
  from: z.email(),
  /** Who receives the mails, at most 50. */
  to: z.array(z.email()).min(1).max(50),
});

/** An incoming webhook of Slack; its address is in the destination's secret. */
export const SlackDestination = z.strictObject({
  /** A channel of Slack. */
  kind: z.literal('slack'),
});

/** A topic of Kafka; who signs in is in the destination's secret. */
export const KafkaDestination = z.strictObject({
  /** A topic of Kafka. */
  kind: z.literal('kafka'),
  /** Brokers, `host:port` each. */
  brokers: z.array(z.string().regex(/^[\w.-]+:\d{1,5}$/, { error: 'must be host:port' })).min(1),
  /** Name of the topic. */
  topic: z.string().regex(/^[\w.-]{1,249}$/, { error: 'must be the name of a topic' }),
  /** Whether connections use TLS. */
  tls: z.boolean().default(true),
});

/** A team's own code. */
export const OwnDestinationKind = z.strictObject({
  /** Code of your own. */
  kind: z.literal('own'),
  /** File from the repository's root that exports `destination`, made with `defineDestination`. */
  module: z.string().regex(/^(?!.*\.\.)[\w./-]+\.ts$/, { error: 'must be a file like destinations/loyalty.ts' }),
});
