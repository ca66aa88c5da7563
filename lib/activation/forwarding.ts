import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import type { Destination as DestinationConfig } from '../../lambdas/core/destinations/definition.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import type { SecureBucket } from '../blocks/secure-bucket.ts';
import { readEvents } from '../ingestion/event-reader.ts';

/** The stream whose events are forwarded. */
export interface ForwardingProps {
  readonly config: string;
  readonly encryption: Encryption;
  readonly events: Stream;
  readonly failedBatches: SecureBucket;
  /** Time that the stream keeps an event. @default Duration.days(1) */
  readonly eventRetention?: Duration | undefined;
  readonly destinations: readonly DestinationConfig[];
}

/** Makes it if a destination receives events. */
export const forwardingOf = (scope: Construct, id: string, props: ForwardingProps): Forwarding | undefined =>
  props.destinations.some(receivesEvents) ? new Forwarding(scope, id, props) : undefined;

const receivesEvents = ({ events }: DestinationConfig): boolean => events !== undefined;

/**
 * Puts events on the queues of the destinations that want them: one reader of the stream for all destinations. The
 * policy of each queue allows it, because a role has no room for 200 queues.
 */
export class Forwarding extends Construct {
  readonly forward: HandlerFunction;
  readonly records: EventSourceMapping;

  readonly role: Role;

  constructor(scope: Construct, id: string, props: ForwardingProps) {
    super(scope, id);
    const { config, encryption, events, failedBatches, eventRetention } = props;
    // Its grants are a policy of their own: they name parameters with queues whose policies name the role.
    this.role = new Role(this, 'ForwardRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.forward = new HandlerFunction(this, 'Forward', {
      handler: 'forward',
      config,
      encryptionKey: encryption.key,
      timeout: Duration.minutes(2),
      memorySize: 1024,
      role: this.role,
      environment: { [env.failedBatchBucket]: failedBatches.bucketName },
    });
    this.records = readEvents(this, 'Records', {
      target: this.forward,
      encryption,
      events,
      failedBatches,
      batchSize: 1000,
      maxBatchingWindow: Duration.seconds(5),
      eventRetention,
    });
    // Lambda refuses a mapping of a role that may not read the stream.
    this.records.node.addDependency(this.role.node.findChild('DefaultPolicy'));
  }
}
