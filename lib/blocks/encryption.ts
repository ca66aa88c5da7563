import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** How long the key stays. */
export interface EncryptionProps {
  readonly removalPolicy: RemovalPolicy;
}

/** The only key of a deployment; it encrypts all customer data. */
export class Encryption extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, { removalPolicy }: EncryptionProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Encrypts the customer data platform',
      enableKeyRotation: true,
      removalPolicy,
      // The shortest time that KMS waits before it deletes a key; a waiting key is free.
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

  /**
   * Lets a function read a secret that this key encrypts. The CDK's own grant uses a service name that is wrong in
   * China.
   */
  grantSecret(grantee: IGrantable, secret: ISecret): void {
    Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns: [secret.secretArn] });
    this.grantVia('secretsmanager', grantee, 'kms:Decrypt');
  }

  /** Lets a function store another version of a secret, and make it the current one. */
  grantSecretChange(grantee: IGrantable, secret: ISecret): void {
    const actions = ['secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'];
    Grant.addToPrincipal({ grantee, actions, resourceArns: [secret.secretArn] });
    this.grantVia('secretsmanager', grantee, 'kms:GenerateDataKey');
  }

  /** A service uses the key on behalf of its caller; the condition prevents any other use by the caller. */
  grantVia(service: string, grantee: IGrantable, ...actions: string[]): void {
    const { region, urlSuffix } = Stack.of(this);
    const conditions = { StringEquals: { 'kms:ViaService': `${service}.${region}.${urlSuffix}` } };
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.key.keyArn], conditions });
  }

  /** Lets CloudWatch Logs encrypt the log groups of this account and region. */
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

  /** Lets EventBridge put events of this account into encrypted queues. */
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
