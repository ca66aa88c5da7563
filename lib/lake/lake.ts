import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { LogStream } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import { defaultRetention } from '../../lambdas/core/contract/retention.ts';
import { lakePrefix } from '../../lambdas/core/contract/storage.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { functionLogs, type HandlerFunction } from '../blocks/handler-function.ts';
import { incompleteUploads, SecureBucket } from '../blocks/secure-bucket.ts';
import { lakeLifecycle, noncurrentVersionExpiration } from './lifecycle.ts';

/** The lake's encryption and retention. */
export interface LakeProps {
  readonly encryption: Encryption;
  readonly removalPolicy: RemovalPolicy;
  /**
   * Time that the lake keeps raw and quarantined events, which is also the deadline for erasing a person from them.
   * @default Duration.days(21)
   */
  readonly rawRetention?: Duration;
}

/** The S3 lake: raw events by arrival hour, quarantined events below their own prefix, and failed batches. */
export class Lake extends Construct {
  readonly accessLogs: Bucket;
  readonly bucket: SecureBucket;
  /** Whole stream batches that a function gave up on; `npm run redrive` sends them again. */
  readonly failedBatches: SecureBucket;
  /** Writes rows of attempts below `deliveries/`. */
  readonly attempts: CfnDeliveryStream;
  private readonly encryption: Encryption;

  constructor(scope: Construct, id: string, { encryption, removalPolicy, rawRetention }: LakeProps) {
    super(scope, id);
    this.encryption = encryption;
    const expiration = rawRetention ?? Duration.days(defaultRetention.rawRetention);
    this.accessLogs = new Bucket(this, 'AccessLogs', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      versioned: true,
      lifecycleRules: [{ expiration: Duration.days(90), noncurrentVersionExpiration }, incompleteUploads],
      removalPolicy,
    });
    const shared = { encryptionKey: encryption.key, accessLogs: this.accessLogs, removalPolicy };
    this.bucket = new SecureBucket(this, 'Bucket', {
      ...shared,
      accessLogsPrefix: 'lake/',
      lifecycleRules: lakeLifecycle(expiration),
    });
    this.failedBatches = new SecureBucket(this, 'FailedBatches', {
      ...shared,
      accessLogsPrefix: 'failed-batches/',
      lifecycleRules: [{ prefix: '', expiration, noncurrentVersionExpiration }],
    });
    this.attempts = this.takeLines('Attempts', lakePrefix.attempts, lakePrefix.attemptErrors);
  }

  /** All buckets of the lake. */
  get buckets(): readonly Bucket[] {
    return [this.bucket, this.failedBatches, this.accessLogs];
  }

  /** Writes a stream's records unchanged below `raw/`. */
  landRaw(stream: Stream): CfnDeliveryStream {
    const role = this.deliveryRole('Raw');
    stream.grant(
      role,
      'kinesis:DescribeStream',
      'kinesis:GetShardIterator',
      'kinesis:GetRecords',
      'kinesis:ListShards',
    );
    const delivery = new CfnDeliveryStream(this, 'Raw', {
      deliveryStreamType: 'KinesisStreamAsSource',
      kinesisStreamSourceConfiguration: { kinesisStreamArn: stream.streamArn, roleArn: role.roleArn },
      extendedS3DestinationConfiguration: this.destination('Raw', role, lakePrefix.raw, lakePrefix.rawErrors),
    });
    // Firehose reads the stream as soon as it exists, so the role's policy must be there first.
    delivery.node.addDependency(role.node.findChild('DefaultPolicy'));
    return delivery;
  }

  /** Writes rejected events from functions below `quarantine/`. */
  quarantine(): CfnDeliveryStream {
    return this.takeLines('Quarantine', lakePrefix.quarantine, lakePrefix.quarantineErrors);
  }

  /** Writes identity decisions below `identity_log/`; the table `identity_log` has them for good. */
  identityLog(): CfnDeliveryStream {
    return this.takeLines('IdentityLog', lakePrefix.identityLog, lakePrefix.identityLogErrors);
  }

  private takeLines(name: string, prefix: string, errorPrefix: string): CfnDeliveryStream {
    const role = this.deliveryRole(name);
    const delivery = new CfnDeliveryStream(this, name, {
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: {
        keyType: 'CUSTOMER_MANAGED_CMK',
        keyArn: this.encryption.key.keyArn,
      },
      extendedS3DestinationConfiguration: this.destination(name, role, prefix, errorPrefix),
    });
    delivery.node.addDependency(role.node.findChild('DefaultPolicy'));
    return delivery;
  }

  /**
   * Lets a function write lines below some prefixes itself when Firehose refuses them. The grant is in the bucket's
   * policy, so the role contains no wildcard.
   */
  allowDirectly(fn: HandlerFunction, prefixes: readonly string[]): void {
    fn.addEnvironment(env.lakeBucket, this.bucket.bucketName);
    const objects = prefixes.map((prefix) => this.bucket.arnForObjects(`${prefix}*`));
    this.bucket.addToResourcePolicy(
      new PolicyStatement({ principals: [fn.grantPrincipal], actions: ['s3:PutObject'], resources: objects }),
    );
  }

  private deliveryRole(name: string): Role {
    const role = new Role(this, `${name}DeliveryRole`, {
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    this.encryption.grantWrite(role);
    // S3 uploads a large object in parts, and reads its key again for them.
    this.encryption.grantRead(role);
    return role;
  }

  private destination(
    name: string,
    role: Role,
    prefix: string,
    errorPrefix: string,
  ): CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty {
    const hour = '!{timestamp:yyyy/MM/dd/HH}/';
    const { encryption } = this;
    const removalPolicy = RemovalPolicy.DESTROY;
    const logGroup = functionLogs(this, `${name}DeliveryLogs`, encryption.key);
    const logStream = new LogStream(this, `${name}DeliveryLogStream`, { logGroup, removalPolicy });
    logGroup.grantWrite(role);
    this.bucket.allowPut(role, [prefix, errorPrefix]);
    return {
      bucketArn: this.bucket.bucketArn,
      roleArn: role.roleArn,
      prefix: `${prefix}${hour}`,
      errorOutputPrefix: `${errorPrefix}!{firehose:error-output-type}/${hour}`,
      compressionFormat: 'GZIP',
      // One object a minute and stream, or at 64 MB: few enough for Spark and soon enough for analysts.
      bufferingHints: { intervalInSeconds: 60, sizeInMBs: 64 },
      encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: encryption.key.keyArn } },
      cloudWatchLoggingOptions: {
        enabled: true,
        logGroupName: logGroup.logGroupName,
        logStreamName: logStream.logStreamName,
      },
    };
  }
}
