import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

/**
 * The most that Lambda allows. It does not say how long it waits between attempts, so that no number of them stands for a time: with this one it is the
 * records' age that ends them, as long as attempts are some seconds apart. Not without end, which is what Lambda does unless told.
 */
export const mostRetries = 10_000;

/** Where a stream's batch goes, whole, once its retries are used up. Lambda writes it in the function's name, so the function's role must allow it. */
export const onFailure = (bucket: Bucket): IEventSourceDlq => ({ bind: () => ({ destination: bucket.bucketArn }) });
