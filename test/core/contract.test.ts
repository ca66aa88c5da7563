import { expect, it } from 'vitest';
import {
  configFile,
  destinationDeadLettersOutput,
  destinationSettingsOutput,
  env,
  lakePrefix,
  metricNamespace,
  output,
  pascalCase,
  segmentEvent,
  stitchMetric,
  table,
} from '../../lambdas/core/contract.ts';

it('keeps the names under which data lies: another name would lose what is stored', () => {
  expect(table).toMatchObject({ partitionKey: 'pk', sortKey: 'sk', ttl: 'expiresAt', changes: 'changes', log: 'log', packed: 'packed' });
  expect(lakePrefix).toMatchObject({
    ...{ raw: 'raw/', rawErrors: 'raw-errors/', quarantine: 'quarantine/', quarantineErrors: 'quarantine-errors/' },
    ...{ identityLog: 'identity_log/', identityLogErrors: 'identity_log-errors/' },
  });
});

it('keeps the names that others subscribe to and look up', () => {
  expect(metricNamespace).toBe('CustomerDataPlatform');
  expect(stitchMetric).toEqual({ quarantined: 'EventsQuarantined', capped: 'EventsCapped', contended: 'EventsContended' });
  expect(segmentEvent).toEqual({ source: 'cdp.segments', detailType: 'Segment Membership Changed' });
  expect(output).toMatchObject({
    ...{
      ingestUrl: 'IngestUrl',
      profileUrl: 'ProfileUrl',
      accessTokensSecret: 'AccessTokensSecret',
      adminUrl: 'AdminUrl',
      adminTokensSecret: 'AdminTokensSecret',
      eventStream: 'EventStreamName',
    },
    ...{ profileTable: 'ProfileTableName', lakeBucket: 'LakeBucketName', segmentBus: 'SegmentBusName', failedBatchBucket: 'FailedBatchBucketName' },
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
