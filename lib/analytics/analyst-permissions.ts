import { Aws, type Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

/** What an analyst may access. */
export interface AnalystAccess {
  readonly workGroup: string;
  readonly database: string;
  readonly bucket: Bucket;
  readonly key: IKey;
  /** Prefix of the tables in the bucket. */
  readonly tables: string;
  /** Prefix of Athena's results in the bucket. */
  readonly results: string;
  /** Whether analysts may request credentials for table files from Lake Formation. */
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
/** Tools call these to offer a choice. IAM allows no narrower resource, and they return only names. */
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

/**
 * The statements of an analyst's policy: the workgroup, the database, reading table files, writing and reading results.
 */
export function analystStatements(
  stack: Stack,
  { workGroup, database, bucket, key, tables, results, lakeFormation }: AnalystAccess,
): PolicyStatement[] {
  // The stack's own ARN format depends on whether the app names account and region, and findings are acknowledged by
  // ARN.
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
    // Tools that connect without a schema request this one. It may be empty, and the policy reveals none of its
    // contents.
    allow('glue', ['GetDatabase'], [glue('database/default')]),
    // IAM has no resources for this action; Lake Formation decides about table files.
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
