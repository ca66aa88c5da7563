import { Duration } from 'aws-cdk-lib';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import { EventSourceMapping, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { failedBatchPrefix } from '../../lambdas/core/contract/storage.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { mostRetries, onFailure } from '../blocks/failed-batches.ts';
import type { HandlerFunction } from '../blocks/handler-function.ts';
import type { SecureBucket } from '../blocks/secure-bucket.ts';

/** A function that reads the event stream, and how large its batches are. */
export interface EventReaderProps {
  readonly target: HandlerFunction;
  readonly encryption: Encryption;
  readonly events: Stream;
  /** Receives the batches that the function gives up on. */
  readonly failedBatches: SecureBucket;
  readonly batchSize: number;
  readonly parallelizationFactor?: number;
  /** Time that records gather. */
  readonly maxBatchingWindow: Duration;
  /** Time that the stream keeps an event. @default Duration.days(1) */
  readonly eventRetention?: Duration | undefined;
}

/**
 * Lets a function read the event stream from its beginning, with bounded retries, so that no shard is blocked for good.
 */
export function readEvents(scope: Construct, id: string, props: EventReaderProps): EventSourceMapping {
  const { target, encryption, events, failedBatches, batchSize, parallelizationFactor = 1, maxBatchingWindow } = props;
  encryption.grantRead(target);
  encryption.grantWrite(target);
  events.grant(
    target,
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
  );
  failedBatches.grantPutUnder(target, failedBatchPrefix);
  return new EventSourceMapping(scope, id, {
    target,
    eventSourceArn: events.streamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize,
    parallelizationFactor,
    maxBatchingWindow,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    retryAttempts: mostRetries,
    maxRecordAge: patience(props.eventRetention ?? Duration.days(1)),
    onFailure: onFailure(failedBatches),
    metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
  });
}

/**
 * One hour less than the stream's retention, so that a batch is put aside before its records expire; Lambda waits one
 * week at most.
 */
const patience = (retention: Duration): Duration =>
  Duration.minutes(Math.min(retention.toMinutes(), Duration.days(7).toMinutes()) - 60);
