import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

/**
 * The most that Lambda allows. Lambda documents no time between attempts, so records end by age as long as attempts are
 * some seconds apart. Without a limit Lambda would retry for ever.
 */
export const mostRetries = 10_000;

/**
 * The bucket that receives a whole batch after its last retry. Lambda writes with the function's role, so that role
 * needs permission.
 */
export const onFailure = (bucket: Bucket): IEventSourceDlq => ({ bind: () => ({ destination: bucket.bucketArn }) });
