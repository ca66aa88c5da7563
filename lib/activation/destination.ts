import { Aws, CfnOutput, Duration, NestedStack, type RemovalPolicy } from 'aws-cdk-lib';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { type IRole, type PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import {
  destinationDeadLettersOutput,
  destinationFunctionOutput,
  destinationQueueOutput,
  destinationSettingsOutput,
} from '../../lambdas/core/contract/outputs.ts';
import { segmentEvent } from '../../lambdas/core/contract/signals.ts';
import type { Destination as DestinationConfig } from '../../lambdas/core/destinations/definition.ts';
import type { DeliverSize } from '../blocks/capacity-props.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import { closedQueues, letRoleIn, letRuleIn } from '../blocks/queue-doors.ts';
import type { Profiles } from '../profiles/profiles.ts';
import { nativeGrants } from './native-grants.ts';
import { type ToolBundle, toolBundle } from './tool-bundle.ts';

/** A stream's ARN by its name, so that each nested stack has one parameter for both: there can be 200. */
const arnOf = ({ ref }: CfnDeliveryStream): string =>
  `arn:${Aws.PARTITION}:firehose:${Aws.REGION}:${Aws.ACCOUNT_ID}:deliverystream/${ref}`;

/** One destination, and the bus that announces changes to it. */
export interface DestinationProps {
  readonly destination: DestinationConfig;
  readonly config: string;
  readonly encryption: Encryption;
  readonly profiles: Profiles;
  readonly bus: EventBus;
  /** Takes the rows of attempts. */
  readonly attempts: CfnDeliveryStream;
  /** The role that puts events on the queue; undefined if no destination receives events. */
  readonly forwarder: IRole | undefined;
  /** Log group of all destination functions. */
  readonly log: ILogGroup;
  readonly removalPolicy: RemovalPolicy;
  readonly size?: DeliverSize | undefined;
}

/**
 * The function itself decides by time how often it tries a message. This limit ends only messages that crash the
 * function. It is SQS's highest, because messages that wait for an open breaker or a limited rate are received, too.
 */
const maxReceiveCount = 1_000;
const timeout = Duration.seconds(30);
/** The longest that SQS keeps a message. */
const retentionPeriod = Duration.days(14);

/**
 * One tool that receives segments: its rule, queue, dead-letter queue, settings, function and alarms. It is a nested
 * stack because a template holds 500 resources. One CloudFormation operation may change 2,500, so with this few
 * resources each it can make or delete 200 destinations.
 */
export class Destination extends NestedStack {
  readonly deliver: HandlerFunction;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  /** URL or other settings of the tool; an operator fills it after deployment. Undefined if it needs none. */
  readonly settings: Secret | undefined;

  constructor(
    scope: Construct,
    id: string,
    {
      destination,
      config,
      encryption,
      profiles,
      bus,
      attempts,
      forwarder,
      log,
      removalPolicy,
      size = {},
    }: DestinationProps,
  ) {
    super(scope, id, { description: `Destination ${destination.id} of the customer data platform` });
    const encrypted = { encryption: QueueEncryption.KMS, encryptionMasterKey: encryption.key };
    this.deadLetters = new Queue(this, 'DeadLetters', { ...encrypted, retentionPeriod, removalPolicy });
    this.queue = new Queue(this, 'Queue', {
      ...encrypted,
      // Six times the function's timeout, so that a throttled poller does not use up receives.
      visibilityTimeout: Duration.seconds(timeout.toSeconds() * 6),
      retentionPeriod,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    });
    const tool = toolBundle(destination);
    this.settings =
      tool.secret === undefined
        ? undefined
        : new Secret(this, 'Settings', {
            description: `Settings of the destination ${destination.id}: ${tool.secret}`,
            encryptionKey: encryption.key,
            removalPolicy,
          });
    const policy = closedQueues(this, 'QueuePolicy', [this.queue, this.deadLetters]);
    if (destination.segments.length + destination.traits.length > 0) this.listen(destination, bus, policy);
    if (destination.events !== undefined && forwarder !== undefined) letRoleIn(policy, forwarder);
    this.deliver = new HandlerFunction(this, 'Deliver', {
      memorySize: size.memorySize,
      reservedConcurrency: size.reservedConcurrency,
      handler: 'deliver',
      aliases: tool.aliases,
      config,
      encryptionKey: encryption.key,
      timeout,
      logGroup: log,
      environment: {
        [env.destinationId]: destination.id,
        [env.profileTable]: profiles.table.tableName,
        ...(this.settings && { [env.destinationSettingsSecret]: this.settings.secretArn }),
        [env.deliveryQueue]: this.queue.queueUrl,
        [env.deadLetters]: this.deadLetters.queueUrl,
        [env.attemptStream]: attempts.ref,
      },
    });
    this.deliver.addToRolePolicy(
      new PolicyStatement({ actions: ['firehose:PutRecordBatch'], resources: [arnOf(attempts)] }),
    );
    profiles.grantRead(this.deliver);
    profiles.grantDeliveryMemory(this.deliver, destination.id);
    // The queue's own grant would let the function read messages; it needs to write dead letters, and events to retry.
    const written = [this.deadLetters, ...(destination.events === undefined ? [] : [this.queue])];
    this.deliver.addToRolePolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: written.map(({ queueArn }) => queueArn) }),
    );
    encryption.grantWrite(this.deliver);
    for (const statement of nativeGrants(destination)) this.deliver.addToRolePolicy(statement);
    this.deliver.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 10,
        maxConcurrency: size.maxConcurrency ?? 10,
        reportBatchItemFailures: true,
      }),
    );
    if (this.settings) this.openSecret(this.settings, encryption, tool, destination.id);
    this.say(destinationFunctionOutput(destination.id), this.deliver.functionName, `Function of ${destination.id}`);
    this.say(destinationQueueOutput(destination.id), this.queue.queueUrl, `Queue of deliveries to ${destination.id}`);
    this.say(
      destinationDeadLettersOutput(destination.id),
      this.deadLetters.queueUrl,
      'Queue of deliveries that failed for good',
    );
  }

  /** Puts the changes announced for this destination into its queue. */
  private listen({ id }: DestinationConfig, bus: EventBus, policy: PolicyDocument): void {
    const rule = new Rule(this, 'Rule', {
      eventBus: bus,
      eventPattern: {
        source: [segmentEvent.source],
        detailType: [segmentEvent.detailType, segmentEvent.traitDetailType],
        detail: { destinations: [id] },
      },
      targets: [{ bind: () => ({ arn: this.queue.queueArn, deadLetterConfig: { arn: this.deadLetters.queueArn } }) }],
    });
    letRuleIn(policy, rule.ruleArn);
  }

  /** Lets the function read its secret, and store refreshed tokens there if there are any. */
  private openSecret(secret: Secret, encryption: Encryption, { usesTokens }: ToolBundle, id: string): void {
    encryption.grantSecret(this.deliver, secret);
    if (usesTokens) encryption.grantSecretChange(this.deliver, secret);
    this.say(destinationSettingsOutput(id), secret.secretArn, `Secret with the settings of ${id}`);
  }

  private say(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}
