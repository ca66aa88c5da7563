import { Aws, CfnDeletionPolicy, CfnResource, CustomResource, Duration, Lazy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';

/** The buckets of a trial deployment. */
export interface EmptiedProps {
  readonly config: string;
  readonly encryption: Encryption;
  readonly buckets: readonly Bucket[];
}

/**
 * Empties buckets when their stack is deleted, because CloudFormation deletes only empty buckets. Only a trial
 * deployment has it.
 */
export class Emptied extends Construct {
  readonly empty: HandlerFunction;

  constructor(scope: Construct, id: string, { config, encryption, buckets }: EmptiedProps) {
    super(scope, id);
    this.empty = new HandlerFunction(this, 'Empty', {
      handler: 'empty',
      config,
      encryptionKey: encryption.key,
      environment: {},
      timeout: Duration.minutes(15),
    });
    const arns = buckets.map(({ bucketArn }) => bucketArn);
    const allow = (actions: string[], resources: string[]) =>
      this.empty.addToRolePolicy(new PolicyStatement({ actions, resources }));
    allow(['cloudformation:DescribeStacks'], [Aws.STACK_ID]);
    allow(['s3:ListBucketVersions', 's3:GetBucketPolicy', 's3:PutBucketPolicy'], arns);
    allow(
      ['s3:DeleteObject', 's3:DeleteObjectVersion'],
      buckets.map((bucket) => bucket.arnForObjects('*')),
    );
    const emptied = new CustomResource(this, 'Emptied', {
      serviceToken: this.empty.functionArn,
      resourceType: 'Custom::EmptiedBuckets',
      serviceTimeout: Duration.minutes(16),
      // An app or an aspect may still decide to keep a bucket of a trial.
      properties: {
        Buckets: Lazy.list(
          { produce: () => buckets.filter(goes).map(({ bucketArn }) => bucketArn) },
          { omitEmpty: false },
        ),
      },
    });
    // CloudFormation then deletes it first, while the buckets still exist.
    for (const { policy } of buckets) emptied.node.addDependency(...(policy === undefined ? [] : [policy]));
  }
}

const goes = ({ node: { defaultChild } }: Bucket): boolean =>
  CfnResource.isCfnResource(defaultChild) && defaultChild.cfnOptions.deletionPolicy === CfnDeletionPolicy.DELETE;
