import { Aws, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

/** What an analyst is let at. */
export interface AnalystAccess {
  readonly workGroup: string;
  readonly database: string;
  readonly bucket: Bucket;
  readonly key: IKey;
  /** Prefix of the bucket below which the tables are. */
  readonly tables: string;
  /** Prefix of the bucket below which Athena leaves results. */
  readonly results: string;
  /** Whether Lake Formation may be asked for credentials to the tables' files. */
  readonly lakeFormation: boolean;
}

const queries = [
  'StartQueryExecution',
  'StopQueryExecution',
  'GetQueryExecution',
  'BatchGetQueryExecution',
  'ListQueryExecutions',
  'GetQueryResults',
  'GetQueryResultsStream',
  'GetWorkGroup',
  'ListNamedQueries',
  'GetNamedQuery',
  'BatchGetNamedQuery',
];
const names = ['GetDataCatalog', 'ListDatabases', 'GetDatabase', 'ListTableMetadata', 'GetTableMetadata'];
/** Tools ask them to offer a choice; IAM knows them for everything only, and they tell names. */
const lists = ['ListDataCatalogs', 'ListWorkGroups', 'ListEngineVersions'];
const catalog = [
  'GetCatalog',
  'GetDatabase',
  'GetDatabases',
  'GetTable',
  'GetTables',
  'GetPartition',
  'GetPartitions',
  'BatchGetPartition',
];
const uploads = ['GetObject', 'PutObject', 'AbortMultipartUpload', 'ListMultipartUploadParts'];

/** The statements of an analyst's policy: the workgroup, the database, the tables' objects to read, and results to write and read. */
export function analystStatements(
  stack: Stack,
  { workGroup, database, bucket, key, tables, results, lakeFormation }: AnalystAccess,
): PolicyStatement[] {
  // Not by the stack, whose ARNs look otherwise where an app says account and region: findings are acknowledged by how these look.
  const arn = (service: string, resource: string) =>
    `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
  const athena = (resource: string) => arn('athena', resource);
  const glue = (resource: string) => arn('glue', resource);
  const below = { StringLike: { 's3:prefix': [`${tables}*`, `${results}*`] } };
  return [
    allow('athena', queries, [athena(`workgroup/${workGroup}`)]),
    allow('athena', names, [athena('datacatalog/AwsDataCatalog')]),
    allow('athena', lists, ['*']),
    allow('glue', catalog, [glue('catalog'), glue(`database/${database}`), glue(`table/${database}/*`)]),
    // Tools that connect without a schema ask for this one; there need be nothing in it, and of what is in it nothing is told.
    allow('glue', ['GetDatabase'], [glue('database/default')]),
    // IAM knows no resources for it: which tables' files, Lake Formation decides.
    ...(lakeFormation ? [allow('lakeformation', ['GetDataAccess'], ['*'])] : []),
    allow('s3', ['GetBucketLocation', 'ListBucketMultipartUploads'], [bucket.bucketArn]),
    allow('s3', ['ListBucket'], [bucket.bucketArn], below),
    allow('s3', ['GetObject'], [bucket.arnForObjects(`${tables}*`)]),
    allow('s3', uploads, [bucket.arnForObjects(`${results}*`)]),
    allow('kms', ['Decrypt', 'GenerateDataKey'], [key.keyArn], {
      StringEquals: { 'kms:ViaService': `s3.${stack.region}.${stack.urlSuffix}` },
    }),
  ];
}

const allow = (
  service: string,
  actions: readonly string[],
  resources: string[],
  conditions?: Record<string, object>,
): PolicyStatement =>
  new PolicyStatement({ actions: actions.map((action) => `${service}:${action}`), resources, conditions });
