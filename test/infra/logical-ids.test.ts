import { describe, expect, it } from 'vitest';
import { shipped } from './shipped.ts';

/**
 * What holds data, or what gives it meaning, by its logical id. CloudFormation knows a resource by nothing else: another id is another resource, empty, beside the
 * one that has the data. So these never change; one more is a decision about what outlives a stack, which docs/what-stays.md tells.
 */
const holders = {
  PlatformEncryptionKey78BBDCDE: 'KMS::Key',
  PlatformLakeAccessLogsFFFC9F12: 'S3::Bucket',
  PlatformLakeBucket4E9A8EA3: 'S3::Bucket',
  PlatformLakeFailedBatchesD5DF7E05: 'S3::Bucket',
  PlatformProfilesTable459A1E66: 'DynamoDB::Table',
  PlatformProfilesIdentifierKeyACEA458A: 'SecretsManager::Secret',
  PlatformIngestEventsB2D0965A: 'Kinesis::Stream',
  PlatformProfileApiDoorAccessTokens4AB47FCD: 'SecretsManager::Secret',
  PlatformAdminApiDoorAccessTokens679A61B2: 'SecretsManager::Secret',
  PlatformSegmentsBusDeadLetters89A092E9: 'SQS::Queue',
  PlatformDestinationCrmSettings1CCB6159: 'SecretsManager::Secret',
  PlatformDestinationCrmQueue4A7E3555: 'SQS::Queue',
  PlatformDestinationCrmDeadLettersBBF8BAAB: 'SQS::Queue',
  PlatformBatchDatabaseEC50CBCD: 'Glue::Database',
};

/** Types that no template could hold without data to lose. */
const types = [...new Set(Object.values(holders))];

describe('what holds data', () => {
  it('has the logical id that it ever had, and nothing holds data besides', () => {
    const found = Object.entries(shipped().Resources).map(([id, { Type }]) => [id, Type.replace('AWS::', '')] as const);
    expect(Object.fromEntries(found.filter(([, type]) => types.includes(type)))).toEqual(holders);
  });
});
