import { Aws, type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, ProjectionType, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import {
  deliveryPrefix,
  dueIndex,
  importPartition,
  registryPartition,
  requestPartition,
  table,
} from '../../lambdas/core/contract/storage.ts';
import type { TableCapacity } from '../blocks/capacity-props.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { billing, followLoad, indexBilling, recoverable } from './table-capacity.ts';

/** How profiles are encrypted, kept and scaled. */
export interface ProfilesProps {
  readonly encryption: Encryption;
  readonly removalPolicy: RemovalPolicy;
  /** Whether DynamoDB refuses to delete the table. */
  readonly deletionProtection: boolean;
  /** @default - Billed by request. */
  readonly capacity?: TableCapacity | undefined;
  readonly recoveryWindow?: Duration | undefined;
}

/** What writing to an encrypted table needs of its key. */
const readAndWrite = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** The profile table, its stream of changes, and the secret that turns identifiers into keys. */
export class Profiles extends Construct {
  readonly table: Table;
  readonly identifierKeySecret: Secret;
  private readonly encryption: Encryption;

  constructor(scope: Construct, id: string, props: ProfilesProps) {
    super(scope, id);
    const { encryption, removalPolicy, deletionProtection, capacity = {}, recoveryWindow } = props;
    this.encryption = encryption;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: table.partitionKey, type: AttributeType.STRING },
      sortKey: { name: table.sortKey, type: AttributeType.STRING },
      ...billing(capacity),
      stream: StreamViewType.NEW_IMAGE,
      timeToLiveAttribute: table.ttl,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: encryption.key,
      pointInTimeRecoverySpecification: recoverable(recoveryWindow),
      deletionProtection,
      // CloudFormation cannot delete a protected table, and so could not roll back a failed first deployment.
      removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : removalPolicy,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: dueIndex.name,
      partitionKey: { name: dueIndex.shard, type: AttributeType.NUMBER },
      sortKey: { name: dueIndex.at, type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
      ...indexBilling(capacity),
    });
    if (capacity.provisioned !== undefined) followLoad(this.table, dueIndex.name, capacity.provisioned);
    this.identifierKeySecret = new Secret(this, 'IdentifierKey', {
      description:
        'Keys the HMACs that stand for identifiers in the profile table; changing it orphans every identifier',
      encryptionKey: encryption.key,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy,
    });
  }

  grantRead(grantee: IGrantable): void {
    this.allow(grantee, 'dynamodb:BatchGetItem');
    this.encryption.grantVia('dynamodb', grantee, 'kms:Decrypt', 'kms:DescribeKey');
  }

  grantReadWrite(grantee: IGrantable): void {
    this.allow(grantee, 'dynamodb:BatchGetItem', 'dynamodb:PutItem');
    this.encryptAndDecrypt(grantee);
  }

  private encryptAndDecrypt(grantee: IGrantable): void {
    this.encryption.grantVia('dynamodb', grantee, ...readAndWrite);
  }

  /** Lets a function read and write the registry of aggregates, and see whether the table is empty. */
  grantRegister(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:BatchGetItem', 'dynamodb:PutItem'],
      resourceArns: [this.table.tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [registryPartition] } },
    });
    this.allow(grantee, 'dynamodb:Scan');
    this.encryptAndDecrypt(grantee);
  }

  /** Lets a function remove an identifier from its owner, and people who are erased. */
  grantRelease(grantee: IGrantable): void {
    this.allow(grantee, 'dynamodb:DeleteItem');
  }

  /** Lets a function see that nobody releases an identifier while it writes. */
  grantCheck(grantee: IGrantable): void {
    this.allow(grantee, 'dynamodb:ConditionCheckItem');
  }

  /** Lets a function find profiles that are due, read and write them, and put off one that it cannot wake. */
  grantWake(grantee: IGrantable): void {
    this.grantReadWrite(grantee);
    this.allow(grantee, 'dynamodb:UpdateItem');
    const resourceArns = [`${this.table.tableArn}/index/${dueIndex.name}`];
    Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns });
  }

  /** Lets a function find the people of an account. */
  grantMembers(grantee: IGrantable): void {
    this.allow(grantee, 'dynamodb:Query');
  }

  /** Lets a function read the table's stream, but not the table. */
  grantStream(grantee: IGrantable): void {
    this.encryption.grantRead(grantee);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ],
        resources: [this.table.tableStreamArn ?? ''],
      }),
    );
  }

  /** Lets the function of a destination record what it told of whom, and how the destination answers. */
  grantDeliveryMemory(grantee: IGrantable, destinationId: string): void {
    this.encryptAndDecrypt(grantee);
    const partition = `${deliveryPrefix}${destinationId}`;
    this.allowIn(grantee, [partition, `${partition}#*`], 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  }

  /** Lets a function list privacy requests, and what destinations were told. */
  grantRequests(grantee: IGrantable): void {
    this.allowIn(grantee, [requestPartition, `${deliveryPrefix}*`], 'dynamodb:Query');
  }

  /** Lets a function keep the ledger of imports, and, if deletions erase, file privacy requests and read none. */
  grantImportLedger(grantee: IGrantable, erases = false): void {
    if (erases) this.allowIn(grantee, [requestPartition], 'dynamodb:PutItem');
    this.encryptAndDecrypt(grantee);
    this.allowIn(grantee, [`${importPartition}*`], 'dynamodb:BatchGetItem', 'dynamodb:PutItem');
  }

  /** The table without its index, which the CDK's own grant would add. */
  private allow(grantee: IGrantable, ...actions: string[]): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.arnFor(grantee)] });
  }

  /** Items of these partitions only. */
  private allowIn(grantee: IGrantable, partitions: readonly string[], ...actions: string[]): void {
    const conditions = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } };
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.arnFor(grantee)], conditions });
  }

  /** The ARN by the table's name, which nested stacks have already: a template with 200 of them has little room. */
  private arnFor(grantee: IGrantable): string {
    const { tableArn, tableName, stack } = this.table;
    const isNested = Construct.isConstruct(grantee) && Stack.of(grantee) !== stack;
    return isNested ? `arn:${Aws.PARTITION}:dynamodb:${Aws.REGION}:${Aws.ACCOUNT_ID}:table/${tableName}` : tableArn;
  }
}
