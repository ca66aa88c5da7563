import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

/** Lambda writes what it gave up on below this prefix, by itself. */
export const failedBatchPrefix = 'aws/lambda/';

/** Where a stream's batch goes, whole, once its retries are used up. Lambda writes it in the function's name, so the function's role must allow it. */
export const onFailure = (bucket: Bucket): IEventSourceDlq => ({ bind: () => ({ destination: bucket.bucketArn }) });
