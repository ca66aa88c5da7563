import { importPrefix, lakePrefix, table } from '../../../../lambdas/core/contract/storage.ts';
import { every, type Rule } from '../rule.ts';
import { at, listOf, ofType, type Pattern, type Template, target } from '../template.ts';

const refersToKey: Pattern = {
  'Fn::GetAtt': (attribute) => at(attribute, '1') === 'Arn' && /Key/.test(String(at(attribute, '0'))),
};

/** Whether others write their access logs to this bucket. */
const takesAccessLogs = (id: string, template: Template): boolean =>
  ofType(template, 'S3::Bucket').some(
    ([, bucket]) => target(at(bucket, 'Properties.LoggingConfiguration.DestinationBucketName')) === id,
  );
const holdsCustomersData = (id: string, template: Template): boolean => !takesAccessLogs(id, template);

const expires =
  (days: number, ...prefixes: (string | undefined)[]) =>
  (rules: unknown): boolean =>
    prefixes.every((prefix) =>
      listOf(rules).some(
        (rule) =>
          at(rule, 'Prefix') === prefix &&
          at(rule, 'ExpirationInDays') === days &&
          at(rule, 'NoncurrentVersionExpiration.NoncurrentDays') === 1 &&
          at(rule, 'Status') === 'Enabled',
      ),
    );

const encryptedBy = (algorithm: string, key: Pattern): Pattern => ({
  ServerSideEncryptionConfiguration: [
    { ServerSideEncryptionByDefault: { SSEAlgorithm: algorithm, KMSMasterKeyID: key } },
  ],
});

/** Customers' data is encrypted with the deployment's key, and goes when its time is over. */
export const storageRules: readonly Rule[] = [
  every({
    name: 'the deployment key is rotated',
    type: 'KMS::Key',
    looksLike: { Properties: { EnableKeyRotation: true } },
    spoiledBy: { Properties: { EnableKeyRotation: undefined } },
  }),
  every({
    name: 'the table is protected, recoverable to any second, and encrypted with the key',
    type: 'DynamoDB::Table',
    looksLike: {
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: refersToKey },
      },
    },
    spoiledBy: { Properties: { PointInTimeRecoverySpecification: undefined } },
  }),
  every({
    name: 'the table has the keys, the stream and the expiry that the functions rely on',
    type: 'DynamoDB::Table',
    looksLike: {
      Properties: {
        KeySchema: [
          { AttributeName: table.partitionKey, KeyType: 'HASH' },
          { AttributeName: table.sortKey, KeyType: 'RANGE' },
        ],
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
        TimeToLiveSpecification: { AttributeName: table.ttl, Enabled: true },
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
    spoiledBy: { Properties: { KeySchema: [{ AttributeName: 'id' }] } },
  }),
  every({
    name: 'every bucket is private',
    type: 'S3::Bucket',
    looksLike: {
      Properties: {
        AccessControl: undefined,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    },
    spoiledBy: { Properties: { PublicAccessBlockConfiguration: { BlockPublicPolicy: false } } },
  }),
  every({
    name: 'every bucket is versioned',
    type: 'S3::Bucket',
    looksLike: { Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
    spoiledBy: { Properties: { VersioningConfiguration: { Status: 'Suspended' } } },
  }),
  every({
    name: 'every bucket of customers’ data is encrypted with the key',
    type: 'S3::Bucket',
    only: holdsCustomersData,
    looksLike: { Properties: { BucketEncryption: encryptedBy('aws:kms', refersToKey) } },
    spoiledBy: { Properties: { BucketEncryption: undefined } },
  }),
  every({
    name: 'the bucket of access logs is encrypted as S3 can write to it',
    type: 'S3::Bucket',
    only: takesAccessLogs,
    looksLike: { Properties: { BucketEncryption: encryptedBy('AES256', undefined) } },
    spoiledBy: { Properties: { BucketEncryption: undefined } },
  }),
  every({
    name: 'every bucket of customers’ data has its accesses logged',
    type: 'S3::Bucket',
    only: (id) => !/AccessLogs/.test(id),
    looksLike: {
      Properties: { LoggingConfiguration: { DestinationBucketName: { Ref: (id) => /AccessLogs/.test(String(id)) } } },
    },
    spoiledBy: { Properties: { LoggingConfiguration: undefined } },
  }),
  every({
    name: 'raw and quarantined events and the identity log go after 21 days, and earlier versions with them; the tables stay',
    type: 'S3::Bucket',
    only: (id) => /LakeBucket/.test(id),
    looksLike: {
      Properties: {
        LifecycleConfiguration: {
          Rules: expires(
            21,
            ...Object.values(lakePrefix).filter(
              (prefix) =>
                ![
                  lakePrefix.tables,
                  lakePrefix.pulls,
                  lakePrefix.barriers,
                  lakePrefix.erasures,
                  lakePrefix.exports,
                  lakePrefix.histories,
                  lakePrefix.imports,
                ].some((each) => each === prefix),
            ),
            ...[importPrefix.files, importPrefix.rows, importPrefix.staged, importPrefix.summaries],
          ),
        },
      },
    },
    spoiledBy: { Properties: { LifecycleConfiguration: { Rules: [{ ExpirationInDays: 22 }] } } },
  }),
  every({
    name: 'files that the tables no longer have go within a day, and no table file by its age',
    type: 'S3::Bucket',
    only: (id) => /LakeBucket/.test(id),
    looksLike: {
      Properties: {
        LifecycleConfiguration: {
          Rules: (rules) => {
            const ofTables = listOf(rules).filter((rule) =>
              lakePrefix.tables.startsWith(String(at(rule, 'Prefix') ?? '')),
            );
            return (
              ofTables.some((rule) => at(rule, 'NoncurrentVersionExpiration.NoncurrentDays') === 1) &&
              !ofTables.some((rule) => at(rule, 'ExpirationInDays'))
            );
          },
        },
      },
    },
    spoiledBy: {
      Properties: { LifecycleConfiguration: { Rules: [{ Prefix: lakePrefix.tables, ExpirationInDays: 30 }] } },
    },
  }),
  every({
    name: 'exports of the profile table go after three days: the next one comes every night',
    type: 'S3::Bucket',
    only: (id) => /LakeBucket/.test(id),
    looksLike: { Properties: { LifecycleConfiguration: { Rules: expires(3, lakePrefix.exports) } } },
    spoiledBy: { Properties: { LifecycleConfiguration: { Rules: [{ ExpirationInDays: 30 }] } } },
  }),
  every({
    name: 'histories of new definitions go after seven days: they are made of tables whose people may be erased',
    type: 'S3::Bucket',
    only: (id) => /LakeBucket/.test(id),
    looksLike: { Properties: { LifecycleConfiguration: { Rules: expires(7, lakePrefix.histories) } } },
    spoiledBy: { Properties: { LifecycleConfiguration: { Rules: [{ ExpirationInDays: 21 }] } } },
  }),
  every({
    name: 'how far APIs and imports came never goes by its age, or a record would be told again and a file sent twice',
    type: 'S3::Bucket',
    only: (id) => /LakeBucket/.test(id),
    looksLike: {
      Properties: {
        LifecycleConfiguration: {
          Rules: (rules) =>
            listOf(rules).every(
              (rule) =>
                at(rule, 'ExpirationInDays') === undefined ||
                ![importPrefix.states, lakePrefix.pulls].some((prefix) =>
                  prefix.startsWith(String(at(rule, 'Prefix') ?? '')),
                ),
            ),
        },
      },
    },
    spoiledBy: { Properties: { LifecycleConfiguration: { Rules: [{ Prefix: 'imports/', ExpirationInDays: 30 }] } } },
  }),
  every({
    name: 'given-up batches go after 21 days',
    type: 'S3::Bucket',
    only: (id) => /FailedBatches/.test(id),
    looksLike: {
      Properties: {
        LifecycleConfiguration: { Rules: (rules) => expires(21, '')(rules) || expires(21, undefined)(rules) },
      },
    },
    spoiledBy: { Properties: { LifecycleConfiguration: undefined } },
  }),
  every({
    name: 'access logs go after 90 days',
    type: 'S3::Bucket',
    only: takesAccessLogs,
    looksLike: { Properties: { LifecycleConfiguration: { Rules: expires(90, undefined) } } },
    spoiledBy: { Properties: { LifecycleConfiguration: undefined } },
  }),
];
