import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Destination } from '../../lambdas/core/destinations/definition.ts';

/** What the function of a native destination may do, and on what: one action on one resource, and its key if named. */
export function nativeGrants(destination: Destination): PolicyStatement[] {
  switch (destination.kind) {
    case 's3':
      return [
        grant(['s3:PutObject'], `arn:aws:s3:::${destination.bucket}/${destination.prefix}*`),
        ...keyGrant(destination.key, 's3'),
      ];
    case 'sqs':
      return [grant(['sqs:SendMessage', 'sqs:GetQueueUrl'], destination.queue), ...keyGrant(destination.key, 'sqs')];
    case 'sns':
      return [grant(['sns:Publish'], destination.topic), ...keyGrant(destination.key, 'sns')];
    case 'eventbridge':
      return [grant(['events:PutEvents'], destination.bus)];
    case 'email':
      return [
        grant(['ses:SendEmail'], destination.identity, { StringEquals: { 'ses:FromAddress': destination.from } }),
      ];
    default:
      return [];
  }
}

const grant = (actions: string[], resource: string, conditions?: Record<string, unknown>): PolicyStatement =>
  new PolicyStatement({ actions, resources: [resource], ...(conditions && { conditions }) });

/** S3, SQS and SNS use the key on behalf of the function. */
const keyGrant = (key: string | undefined, service: string): PolicyStatement[] =>
  key === undefined
    ? []
    : [
        grant(['kms:GenerateDataKey', 'kms:Decrypt'], key, {
          StringLike: { 'kms:ViaService': `${service}.*.amazonaws.com` },
        }),
      ];
