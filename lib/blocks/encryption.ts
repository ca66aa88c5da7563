import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
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
    this.key = new Key(this, 'Key', {
      description: 'Encrypts the customer data platform',
      enableKeyRotation: true,
      removalPolicy,
      // The shortest time that KMS waits before it deletes a key; it costs nothing meanwhile.
      ...(removalPolicy === RemovalPolicy.DESTROY && { pendingWindow: Duration.days(7) }),
    });
    this.allowLogs();
    this.allowEvents();
  }

  /** Lets a function write to streams, queues and buckets that this key encrypts. */
  grantWrite(grantee: IGrantable): void {
    this.key.grant(grantee, 'kms:GenerateDataKey');
  }

  /** Lets a function read what this key encrypts. */
  grantRead(grantee: IGrantable): void {
    this.key.grant(grantee, 'kms:Decrypt');
  }

  /** Lets a function read a secret that this key encrypts. The CDK's own grant names Secrets Manager as it is not called in China. */
  grantSecret(grantee: IGrantable, secret: ISecret): void {
    Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns: [secret.secretArn] });
    this.grantVia('secretsmanager', grantee, 'kms:Decrypt');
  }

  /** A service uses the key in its caller's name; the condition keeps the caller from using it for anything else. */
  grantVia(service: string, grantee: IGrantable, ...actions: string[]): void {
    const { region, urlSuffix } = Stack.of(this);
    const conditions = { StringEquals: { 'kms:ViaService': `${service}.${region}.${urlSuffix}` } };
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.key.keyArn], conditions });
  }

  /** CloudWatch Logs encrypts by itself, for the log groups of this account and region only. */
  private allowLogs(): void {
    const { region, partition, account, urlSuffix } = Stack.of(this);
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${region}.${urlSuffix}`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
        },
      }),
    );
  }

  /** EventBridge puts events into encrypted queues by itself, those of this account only. */
  private allowEvents(): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}
