import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { env } from '../../core/contract/environment.ts';
import type { BarrierList } from '../../core/privacy/barrier-list.ts';
import { functionMetrics } from '../metrics/function-metrics.ts';
import { type CountSuppressed, countSuppressed } from '../metrics/suppressed-metrics.ts';
import { required } from '../runtime/environment.ts';
import { barrierFileIn } from './barrier-file.ts';
import { type FreshBarriersDeps, freshBarriers } from './fresh-barriers.ts';

/** A hung call is given up while a caller still waits. */
export const hurried = {
  maxAttempts: 2,
  requestHandler: new NodeHttpHandler({ connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true }),
};

/** The list of barriers that a function reads, and where it warns. */
export const listOfFunction = (warn: FreshBarriersDeps['warn']): (() => Promise<BarrierList>) =>
  freshBarriers({ file: barrierFileIn(new S3Client(hurried), required(env.lakeBucket)), now: Date.now, warn });

/** Counts what barriers stopped as a service's metric. */
export const countedAs = (service: string): CountSuppressed => countSuppressed(functionMetrics(service));
