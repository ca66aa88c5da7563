import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** How long the key lives. */
export interface EncryptionProps {
  readonly removalPolicy: RemovalPolicy;
}

/** The one key of a deployment: everything that holds customers' data is encrypted with it. */
export class Encryption extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { removalPolicy }: EncryptionProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', { description: 'Encrypts the customer data platform', enableKeyRotation: true, removalPolicy });
    this.allowLogs();
  }

  /** Lets a function write to streams, queues and buckets that this key encrypts. */
  grantWrite(grantee: IGrantable): void {
    this.key.grant(grantee, 'kms:GenerateDataKey');
  }

  /** Lets a function read what this key encrypts. */
  grantRead(grantee: IGrantable): void {
    this.key.grant(grantee, 'kms:Decrypt');
  }

  /** CloudWatch Logs encrypts by itself, for the log groups of this account and region only. */
  private allowLogs(): void {
    const { region, partition, account } = Stack.of(this);
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` } },
      }),
    );
  }
}
