import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { EventSourceMapping, FilterCriteria, FilterRule, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import { failedBatchPrefix, table } from '../../lambdas/core/contract/storage.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { mostRetries, onFailure } from '../blocks/failed-batches.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import type { SecureBucket } from '../blocks/secure-bucket.ts';
import type { Profiles } from '../profiles/profiles.ts';

/** The table whose changes are announced, and where failed batches and decisions go. */
export interface SegmentsProps {
  readonly config: string;
  readonly encryption: Encryption;
  readonly profiles: Profiles;
  readonly failedBatches: SecureBucket;
  readonly identityLog: CfnDeliveryStream;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The outbox: follows the profile table's stream, announces membership changes on the segment bus and records identity
 * decisions in the lake.
 */
export class Segments extends Construct {
  readonly bus: EventBus;
  /** Announcements that the bus accepted and could not pass on. */
  readonly deadLetters: Queue;
  readonly publish: HandlerFunction;
  readonly changes: EventSourceMapping;

  constructor(
    scope: Construct,
    id: string,
    { config, encryption, profiles, failedBatches, identityLog, removalPolicy }: SegmentsProps,
  ) {
    super(scope, id);
    // It does not use the platform's key: the bus sends messages here when it cannot use that key.
    this.deadLetters = new Queue(this, 'BusDeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy,
    });
    this.bus = new EventBus(this, 'Bus', { kmsKey: encryption.key, deadLetterQueue: this.deadLetters });
    this.deadLetters.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.deadLetters.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': this.bus.eventBusArn } },
      }),
    );
    this.publish = new HandlerFunction(this, 'Publish', {
      handler: 'publish',
      config,
      encryptionKey: encryption.key,
      environment: {
        [env.segmentBus]: this.bus.eventBusName,
        [env.identityLogStream]: identityLog.ref,
        [env.failedBatchBucket]: failedBatches.bucketName,
      },
    });
    this.bus.grantPutEventsTo(this.publish);
    encryption.grantWrite(this.publish);
    this.publish.addToRolePolicy(
      new PolicyStatement({ actions: ['firehose:PutRecordBatch'], resources: [identityLog.attrArn] }),
    );
    profiles.grantStream(this.publish);
    failedBatches.grantPutUnder(this.publish, failedBatchPrefix);
    this.changes = new EventSourceMapping(this, 'Changes', {
      target: this.publish,
      eventSourceArn: profiles.table.tableStreamArn ?? '',
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      filters: [table.changes, table.log].map((attribute) =>
        FilterCriteria.filter({ dynamodb: { NewImage: { [attribute]: { S: FilterRule.exists() } } } }),
      ),
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: mostRetries,
      // Half of the 24 hours that DynamoDB keeps stream records.
      maxRecordAge: Duration.hours(12),
      onFailure: onFailure(failedBatches),
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
  }
}
