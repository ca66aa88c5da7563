import { Duration } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { env, table } from '../lambdas/core/contract.ts';
import type { Encryption } from './encryption.ts';
import { failedBatchPrefix, onFailure } from './failed-batches.ts';
import { HandlerFunction } from './handler-function.ts';
import type { Profiles } from './profiles.ts';
import type { SecureBucket } from './secure-bucket.ts';

export interface SegmentsProps {
  readonly config: string;
  readonly encryption: Encryption;
  readonly profiles: Profiles;
  readonly failedBatches: SecureBucket;
}

/** The outbox: follows the profile table's stream and announces each change of membership on the segment bus. */
export class Segments extends Construct {
  readonly bus: EventBus;
  readonly publish: HandlerFunction;

  constructor(scope: Construct, id: string, { config, encryption, profiles, failedBatches }: SegmentsProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { kmsKey: encryption.key });
    this.publish = new HandlerFunction(this, 'Publish', {
      handler: 'publish',
      config,
      encryptionKey: encryption.key,
      environment: { [env.segmentBus]: this.bus.eventBusName },
    });
    this.bus.grantPutEventsTo(this.publish);
    encryption.grantWrite(this.publish);
    profiles.grantStream(this.publish);
    failedBatches.allowPut(this.publish, [failedBatchPrefix]);
    new EventSourceMapping(this, 'Changes', {
      target: this.publish,
      eventSourceArn: profiles.table.tableStreamArn ?? '',
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      filters: [FilterCriteria.filter({ dynamodb: { NewImage: { [table.changes]: { S: FilterRule.exists() } } } })],
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 10,
      maxRecordAge: Duration.hours(12),
      onFailure: onFailure(failedBatches),
    });
  }
}
