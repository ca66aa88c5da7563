import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { configFile, env } from '../../../lambdas/core/contract/environment.ts';
import { metricNamespace, stitchMetric } from '../../../lambdas/core/contract/metrics.ts';
import {
  destinationDeadLettersOutput,
  destinationSettingsOutput,
  output,
  pascalCase,
} from '../../../lambdas/core/contract/outputs.ts';
import { segmentEvent } from '../../../lambdas/core/contract/signals.ts';
import { lakePrefix, table } from '../../../lambdas/core/contract/storage.ts';
import { packingDictionary } from '../../../lambdas/core/table/packing-dictionary.ts';

it('keeps the names under which data lies: another name would lose what is stored', () => {
  expect(table).toMatchObject({
    partitionKey: 'pk',
    sortKey: 'sk',
    ttl: 'expiresAt',
    changes: 'changes',
    log: 'log',
    packed: 'packed',
  });
  expect(lakePrefix).toMatchObject({
    ...{ raw: 'raw/', rawErrors: 'raw-errors/', quarantine: 'quarantine/', quarantineErrors: 'quarantine-errors/' },
    ...{ identityLog: 'identity_log/', identityLogErrors: 'identity_log-errors/' },
    ...{ attempts: 'deliveries/', attemptErrors: 'deliveries-errors/' },
  });
});

it('keeps the dictionary that stored profiles were packed with, to the letter', () =>
  expect(createHash('sha256').update(packingDictionary).digest('hex')).toBe(
    '0f7c5bf114b3751a2892827fae2f1d22fc8de0e95049642aa8c3b02af460c316',
  ));

it('keeps the names that others subscribe to and look up', () => {
  expect(metricNamespace).toBe('CustomerDataPlatform');
  expect(stitchMetric).toEqual({
    quarantined: 'EventsQuarantined',
    capped: 'EventsCapped',
    contended: 'EventsContended',
    unkept: 'TraitsNotKept',
  });
  expect(segmentEvent).toEqual({
    source: 'cdp.segments',
    detailType: 'Segment Membership Changed',
    traitDetailType: 'Computed Trait Changed',
  });
  expect(output).toMatchObject({
    ...{
      ingestUrl: 'IngestUrl',
      profileUrl: 'ProfileUrl',
      accessTokensSecret: 'AccessTokensSecret',
      adminUrl: 'AdminUrl',
      sourceSecrets: 'SourceSecrets',
      adminTokensSecret: 'AdminTokensSecret',
      eventStream: 'EventStreamName',
    },
    ...{
      profileTable: 'ProfileTableName',
      lakeBucket: 'LakeBucketName',
      segmentBus: 'SegmentBusName',
      failedBatchBucket: 'FailedBatchBucketName',
    },
  });
  expect(destinationSettingsOutput('crm-eu')).toBe('DestinationSettingsCrmEu');
  expect(destinationDeadLettersOutput('crm_2')).toBe('DestinationDeadLettersCrm2');
});

it('writes an id as a name', () => {
  expect(pascalCase('a-b_c1')).toBe('ABC1');
  expect(pascalCase('aB')).toBe('AB');
});

it.each([env, output, table, lakePrefix])('gives no two things one name', (names) => {
  const all = Object.values(names);
  expect(new Set(all).size).toBe(all.length);
  expect(all).not.toContain('');
});

it('finds the configuration where it is bundled', () => expect(configFile).toBe('config.json'));
