import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Destination as DestinationConfig } from '../lambdas/core/config.ts';
import { env, segmentEvent } from '../lambdas/core/contract.ts';
import type { Encryption } from './encryption.ts';
import { HandlerFunction } from './handler-function.ts';
import type { DeliverSize } from './platform-props.ts';
import type { Profiles } from './profiles.ts';

/** Which tool, and where it finds out who is in its segments. */
export interface DestinationProps {
  readonly destination: DestinationConfig;
  readonly config: string;
  readonly encryption: Encryption;
  readonly profiles: Profiles;
  readonly bus: EventBus;
  readonly removalPolicy: RemovalPolicy;
  readonly size?: DeliverSize | undefined;
}

/** A message is tried this often, five minutes apart at the most, before it goes to the dead letters. */
const maxReceiveCount = 5;
const timeout = Duration.seconds(30);
/** Functions that tell one tool at once: a segment that many enter together must not overrun it. */
const maxConcurrency = 10;

/** One tool that receives segments: its rule, its queue, its dead letters, its settings and its own function. */
export class Destination extends Construct {
  readonly deliver: HandlerFunction;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  /** Where the tool is and how to sign for it; filled by an operator after deployment. */
  readonly settings: Secret;

  constructor(scope: Construct, id: string, { destination, config, encryption, profiles, bus, removalPolicy, size }: DestinationProps) {
    super(scope, id);
    const encrypted = { encryption: QueueEncryption.KMS, encryptionMasterKey: encryption.key, enforceSSL: true };
    this.deadLetters = new Queue(this, 'DeadLetters', { ...encrypted, retentionPeriod: Duration.days(14), removalPolicy });
    this.queue = new Queue(this, 'Queue', {
      ...encrypted,
      // Six times the function's timeout, so that a throttled poller does not use up receives.
      visibilityTimeout: Duration.seconds(timeout.toSeconds() * 6),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    });
    this.settings = new Secret(this, 'Settings', {
      description: `Settings of the destination ${destination.id}: {"url": "https://...", "sharedSecret": "..."}`,
      encryptionKey: encryption.key,
      removalPolicy,
    });
    new Rule(this, 'Rule', {
      eventBus: bus,
      eventPattern: { source: [segmentEvent.source], detailType: [segmentEvent.detailType], detail: { segment: destination.segments } },
      targets: [new SqsQueue(this.queue, { deadLetterQueue: this.deadLetters })],
    });
    this.deliver = new HandlerFunction(this, 'Deliver', {
      ...size,
      handler: 'deliver',
      config,
      encryptionKey: encryption.key,
      timeout,
      environment: {
        [env.destinationId]: destination.id,
        [env.profileTable]: profiles.table.tableName,
        [env.destinationSettingsSecret]: this.settings.secretArn,
      },
    });
    profiles.grantRead(this.deliver);
    encryption.grantSecret(this.deliver, this.settings);
    this.deliver.addEventSource(new SqsEventSource(this.queue, { batchSize: 10, maxConcurrency, reportBatchItemFailures: true }));
  }
}
