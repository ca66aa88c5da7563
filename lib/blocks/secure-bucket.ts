import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable, type IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** What differs from bucket to bucket. */
export interface SecureBucketProps {
  readonly encryptionKey: IKey;
  readonly accessLogs: Bucket;
  /** Where this bucket's access logs begin in the log bucket, e.g. `lake/`. */
  readonly accessLogsPrefix: string;
  readonly removalPolicy: RemovalPolicy;
  /** @default - Objects are kept. */
  readonly lifecycleRules?: LifecycleRule[];
}

/** Parts of uploads that were never completed are seen by nobody and paid for; they go from everywhere in a bucket. */
export const incompleteUploads: LifecycleRule = { abortIncompleteMultipartUploadAfter: Duration.days(1) };

/** A bucket for customers' data: private, versioned, encrypted with the deployment's key, TLS only, its accesses logged. */
export class SecureBucket extends Bucket {
  constructor(
    scope: Construct,
    id: string,
    { accessLogs, accessLogsPrefix, lifecycleRules = [], ...props }: SecureBucketProps,
  ) {
    super(scope, id, {
      ...props,
      lifecycleRules: [...lifecycleRules, incompleteUploads],
      encryption: BucketEncryption.KMS,
      bucketKeyEnabled: true,
      enforceSSL: true,
      versioned: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: accessLogsPrefix,
    });
  }

  /** Lets a function leave objects below a prefix. Its role says so, as Lambda documents: the bucket's policy may come after Lambda has asked. */
  grantPutUnder(grantee: IGrantable, prefix: string): void {
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.bucketArn] });
    Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: [this.arnForObjects(`${prefix}*`)] });
  }

  /** Lets a job list the bucket and read, and where it says so also write and delete, objects below a prefix. */
  grantUnder(grantee: IGrantable, prefix: string, access: 'read' | 'write'): void {
    const changing = ['s3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'];
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.bucketArn] });
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject', ...(access === 'write' ? changing : [])],
      resourceArns: [this.arnForObjects(`${prefix}*`)],
    });
  }

  /** Lets a delivery role add objects below prefixes, by the bucket's own policy, so that the role carries no wildcard. `also` are more actions on them. */
  allowPut(grantee: IGrantable, prefixes: readonly string[], also: readonly string[] = []): void {
    const principals: IPrincipal[] = [grantee.grantPrincipal];
    const objects = prefixes.map((prefix) => this.arnForObjects(`${prefix}*`));
    this.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['s3:PutObject', 's3:AbortMultipartUpload', ...also],
        resources: objects,
      }),
    );
    this.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        resources: [this.bucketArn],
      }),
    );
  }
}
