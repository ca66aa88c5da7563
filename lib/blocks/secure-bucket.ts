import { Aws, Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable, type IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** What differs between buckets. */
export interface SecureBucketProps {
  readonly encryptionKey: IKey;
  readonly accessLogs: Bucket;
  /** Prefix of this bucket's access logs in the log bucket, e.g. `lake/`. */
  readonly accessLogsPrefix: string;
  readonly removalPolicy: RemovalPolicy;
  /** @default - The bucket keeps all objects. */
  readonly lifecycleRules?: LifecycleRule[];
}

/** Deletes the parts of incomplete uploads, which AWS bills although nobody sees them. */
export const incompleteUploads: LifecycleRule = { abortIncompleteMultipartUploadAfter: Duration.days(1) };

/** A bucket for customer data: private, versioned, encrypted with the deployment's key, TLS only, with access logs. */
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

  /**
   * Lets a function put objects below a prefix. The grant is in the function's role, as Lambda documents: Lambda may
   * check it before the bucket's policy exists.
   */
  grantPutUnder(grantee: IGrantable, prefix: string): void {
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.bucketArn] });
    Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: [this.arnForObjects(`${prefix}*`)] });
  }

  /** Lets a job list the bucket and read objects below a prefix; with `write` also write and delete them. */
  grantUnder(grantee: IGrantable, prefix: string, access: 'read' | 'write'): void {
    const changing = ['s3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'];
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.bucketArn] });
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject', ...(access === 'write' ? changing : [])],
      resourceArns: [this.arnForObjects(`${prefix}*`)],
    });
  }

  /**
   * Lets somebody read one object, and with `write` also put it. Who may list sees whether it is there. The ARNs are
   * made of the bucket's name, because each nested stack has that already, and a template has little room.
   */
  grantObject(grantee: IGrantable, key: string, access: 'read' | 'write'): void {
    const arn = `arn:${Aws.PARTITION}:s3:::${this.bucketName}`;
    const actions = ['s3:GetObject', ...(access === 'write' ? ['s3:PutObject'] : [])];
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [arn] });
    Grant.addToPrincipal({ grantee, actions, resourceArns: [`${arn}/${key}`] });
  }

  /** Lets somebody look for an object with the name of a folder, as Hadoop does where it lists one without files. */
  grantFolder(grantee: IGrantable, prefix: string): void {
    const resourceArns = [this.arnForObjects(prefix.replace(/\/$/, ''))];
    Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns });
  }

  /** Lets somebody who reads objects below prefixes read their earlier versions, too. */
  grantVersions(grantee: IGrantable, prefixes: readonly string[]): void {
    const resourceArns = prefixes.map((prefix) => this.arnForObjects(`${prefix}*`));
    Grant.addToPrincipal({ grantee, actions: ['s3:GetObjectVersion'], resourceArns });
  }

  /** Lets a function see and read objects and their versions below prefixes, and put objects below others. */
  grantObjects(grantee: IGrantable, { read, put }: Readonly<Record<'read' | 'put', readonly string[]>>): void {
    const below = (prefixes: readonly string[]) => prefixes.map((prefix) => this.arnForObjects(`${prefix}*`));
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.bucketArn] });
    Grant.addToPrincipal({ grantee, actions: ['s3:GetObject', 's3:GetObjectVersion'], resourceArns: below(read) });
    Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: below(put) });
  }

  /** Lets S3 tell EventBridge of each object. The CDK's own way makes a function for it. */
  tellOfObjects(): void {
    const bucket = this.node.defaultChild as CfnBucket;
    bucket.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  }

  /**
   * Lets a delivery role add objects below prefixes. The grant is in the bucket's policy, so the role contains no
   * wildcard. `also` adds actions.
   */
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
