import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { EventSourceMapping, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import { failedBatchPrefix } from '../../lambdas/core/contract/storage.ts';
import type { StitchSize } from '../blocks/capacity-props.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { mostRetries, onFailure } from '../blocks/failed-batches.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import type { SecureBucket } from '../blocks/secure-bucket.ts';
import type { Profiles } from './profiles.ts';

/** What stitching reads and writes, and how it batches. */
export interface StitchingProps {
  readonly config: string;
  readonly encryption: Encryption;
  readonly events: Stream;
  readonly profiles: Profiles;
  readonly quarantine: CfnDeliveryStream;
  readonly identityLog: CfnDeliveryStream;
  readonly failedBatches: SecureBucket;
  /** How long records gather before they are folded into profiles: longer is cheaper, shorter is sooner. @default Duration.seconds(5) */
  readonly batchingWindow?: Duration;
  /** How long the stream keeps an event. @default Duration.days(1) */
  readonly eventRetention?: Duration | undefined;
  readonly size?: StitchSize | undefined;
}

/** Folds the event stream into profiles: one write per person and window, retried within bounds, never blocking a shard for good. */
export class Stitching extends Construct {
  readonly stitch: HandlerFunction;
  readonly records: EventSourceMapping;

  constructor(scope: Construct, id: string, props: StitchingProps) {
    super(scope, id);
    const {
      config,
      encryption,
      events,
      profiles,
      quarantine,
      identityLog,
      failedBatches,
      batchingWindow,
      size = {},
    } = props;
    this.stitch = new HandlerFunction(this, 'Stitch', {
      handler: 'stitch',
      config,
      encryptionKey: encryption.key,
      timeout: Duration.minutes(2),
      memorySize: size.memorySize ?? 1024,
      reservedConcurrency: size.reservedConcurrency,
      environment: {
        [env.profileTable]: profiles.table.tableName,
        [env.identifierKeySecret]: profiles.identifierKeySecret.secretArn,
        [env.quarantineStream]: quarantine.ref,
        [env.identityLogStream]: identityLog.ref,
      },
    });
    profiles.grantReadWrite(this.stitch);
    // A correction of the lake may say that an identifier is nobody's.
    profiles.table.grant(this.stitch, 'dynamodb:DeleteItem');
    encryption.grantSecret(this.stitch, profiles.identifierKeySecret);
    this.stitch.addToRolePolicy(
      new PolicyStatement({
        actions: ['firehose:PutRecordBatch'],
        resources: [quarantine.attrArn, identityLog.attrArn],
      }),
    );
    encryption.grantRead(this.stitch);
    encryption.grantWrite(this.stitch);
    events.grant(
      this.stitch,
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    );
    failedBatches.grantPutUnder(this.stitch, failedBatchPrefix);
    this.records = new EventSourceMapping(this, 'Records', {
      target: this.stitch,
      eventSourceArn: events.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: size.batchSize ?? 1000,
      parallelizationFactor: size.parallelizationFactor ?? 1,
      maxBatchingWindow: batchingWindow ?? Duration.seconds(5),
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: mostRetries,
      maxRecordAge: patience(props.eventRetention ?? Duration.days(1)),
      onFailure: onFailure(failedBatches),
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
  }
}

/** An hour less than the stream keeps a record, so that what is given up is put aside whole before it is gone; Lambda waits for a week at the most. */
const patience = (retention: Duration): Duration =>
  Duration.minutes(Math.min(retention.toMinutes(), Duration.days(7).toMinutes()) - 60);
