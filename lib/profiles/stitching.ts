import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import type { StitchSize } from '../blocks/capacity-props.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import type { SecureBucket } from '../blocks/secure-bucket.ts';
import { readEvents } from '../ingestion/event-reader.ts';
import type { Profiles } from './profiles.ts';

/** What stitching reads and writes, and the size of its batches. */
export interface StitchingProps {
  readonly config: string;
  readonly encryption: Encryption;
  readonly events: Stream;
  readonly profiles: Profiles;
  readonly quarantine: CfnDeliveryStream;
  readonly identityLog: CfnDeliveryStream;
  readonly failedBatches: SecureBucket;
  /**
   * Time that records gather before stitching folds them into profiles: longer costs less, shorter is sooner.
   * @default Duration.seconds(5)
   */
  readonly batchingWindow?: Duration;
  /** Time that the stream keeps an event. @default Duration.days(1) */
  readonly eventRetention?: Duration | undefined;
  readonly size?: StitchSize | undefined;
}

/**
 * Folds the event stream into profiles: one write per person and window, with bounded retries, so that no shard is
 * blocked for good.
 */
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
    // A correction of the lake may remove an identifier from its owner.
    profiles.grantRelease(this.stitch);
    profiles.grantCheck(this.stitch);
    encryption.grantSecret(this.stitch, profiles.identifierKeySecret);
    this.stitch.addToRolePolicy(
      new PolicyStatement({
        actions: ['firehose:PutRecordBatch'],
        resources: [quarantine.attrArn, identityLog.attrArn],
      }),
    );
    this.records = readEvents(this, 'Records', {
      target: this.stitch,
      encryption,
      events,
      failedBatches,
      batchSize: size.batchSize ?? 1000,
      parallelizationFactor: size.parallelizationFactor ?? 1,
      maxBatchingWindow: batchingWindow ?? Duration.seconds(5),
      eventRetention: props.eventRetention,
    });
  }
}
