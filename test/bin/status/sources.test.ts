import { CloudWatchClient, GetMetricDataCommand, type GetMetricDataInput } from '@aws-sdk/client-cloudwatch';
import { GetJobRunsCommand, GlueClient } from '@aws-sdk/client-glue';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Surroundings } from '../../../bin/status/readings.ts';
import { sources } from '../../../bin/status/sources.ts';
import type { CdpConfigInput } from '../../../lambdas/core/config/config.ts';
import { watchedIn } from '../../../lambdas/operations/watched.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const watch = mockClient(CloudWatchClient);
const queues = mockClient(SQSClient);
const glue = mockClient(GlueClient);
const s3 = mockClient(S3Client);
const now = Date.UTC(2026, 4, 8);
const hours = (n: number): Date => new Date(now - n * 3_600_000);
const type = 'AWS::Lambda::Function';
/** As CloudFormation lists them: a resource of a nested stack does not repeat its stack's name. */
const functions = [
  { logicalId: 'PlatformIngestCollect1', physicalId: 'collect-fn', type },
  { logicalId: 'Take1', physicalId: 'shops-fn', type, within: 'PlatformTopicsImportsNestedStackTopicsImports3' },
  { logicalId: 'Take1', physicalId: 'import-fn', type, within: 'PlatformImportsNestedStackImportsNestedStack1' },
  { logicalId: 'Take1', physicalId: 'topics-fn', type, within: 'PlatformTopicsParcelsNestedStackTopicsParcels2' },
];
const outputs = { DatabaseName: 'lake', LakeBucketName: 'bucket', PullJobWarehouse: 'warehouse-job' };
const surroundings: Surroundings = {
  ...{ where: { region: 'eu-west-1' }, id: 'id', now, outputs },
  resources: functions,
};
const ofImports = { type: 'AWS::SQS::Queue', within: 'PlatformImportsNestedStackImportsNestedStack1' };
const withQueue = {
  ...surroundings,
  resources: [
    ...functions,
    { ...ofImports, logicalId: 'DeadLetters1', physicalId: 'https://sqs/1/dead' },
    { ...ofImports, logicalId: 'Queue1', physicalId: 'https://sqs/1/imports' },
  ],
};

const objects = [{ object: 'rows', rows: 'records' as const, key: ['id'], mappings: [{ to: { type: 'identify' } }] }];
const connection = { kind: 'brokers' as const, brokers: ['kafka.example.com:9096'] };
type Source = CdpConfigInput['sources'][number];
const shop: Source = { id: 'shop', kind: 'server', writeKey: 'a-write-key' };
const crm: Source = { id: 'crm', kind: 'files', objects };
const scores: Source = { id: 'scores', kind: 'query', sql: 'SELECT 1 AS id', objects };
const warehouse: Source = {
  ...{ id: 'warehouse', kind: 'database', engine: 'mysql', database: 'shop', secret: 'shop', objects },
  reads: { rows: { table: 'orders' } },
};
const parcels: Source = {
  ...{ id: 'parcels', kind: 'kafka', connection },
  objects: [{ object: 'parcels', rows: 'events', topic: 'parcels' }],
};

/** Values by the dimensions of a metric and its name: how many hours ago, and how much. */
type Counts = Record<string, readonly (readonly [ago: number, value: number])[]>;
let counts: Counts = {};
/** Objects of the lake: how many hours ago they were written, and what is in them. */
let lake: Record<string, readonly [ago: number, document: unknown]> = {};

beforeEach(() => {
  [counts, lake] = [{}, {}];
  for (const each of [watch, queues, glue, s3]) each.reset();
  watch.on(GetMetricDataCommand).callsFake(({ MetricDataQueries = [] }: GetMetricDataInput) => ({
    MetricDataResults: MetricDataQueries.map(({ Id, MetricStat }) => {
      const { MetricName, Dimensions = [] } = MetricStat?.Metric ?? {};
      const found = counts[[...Dimensions.map(({ Value }) => Value), MetricName].join(' ')] ?? [];
      return { Id, Timestamps: found.map(([ago]) => hours(ago)), Values: found.map(([, value]) => value) };
    }),
  }));
  s3.on(ListObjectsV2Command).callsFake(({ Prefix = '' }: { readonly Prefix?: string }) => ({
    Contents: Object.entries(lake).flatMap(([Key, [ago]]) =>
      Key.startsWith(Prefix) ? [{ Key, LastModified: hours(ago) }] : [],
    ),
  }));
  s3.on(GetObjectCommand).callsFake(({ Key = '' }: { readonly Key?: string }) => ({
    Body: { transformToString: async () => JSON.stringify(lake[Key]?.[1]) },
  }));
});

async function stateOf(source: Source, told: Counts = {}) {
  counts = told;
  const found = await sources(surroundings, watchedIn({ sources: [source] }));
  const { state, wrong } = found.at(-1) ?? expect.unreachable();
  return { state, wrong };
}

describe('a source of calls', () => {
  it('says what came in a day, what was refused, and how long ago the last was', async () => {
    const told = {
      'collect collect-fn shop EventsAccepted': [
        [1, 40],
        [23, 2],
        [30, 100],
      ],
      'collect collect-fn shop EventsInvalid': [[2, 3]],
      'collect collect-fn shop EventsTooLarge': [
        [2, 1],
        [100, 9],
      ],
    } as const;
    expect(await stateOf(shop, told)).toEqual({
      state: '42 events, 4 refused in 24 h; the last within an hour',
      wrong: undefined,
    });
  });

  it('from which nothing came says so', async () =>
    expect(await stateOf(shop)).toEqual({ state: '0 events in 24 h; no events in 7 days', wrong: undefined }));
});

describe('what is expected', () => {
  it.each([
    { ago: 24, wrong: undefined },
    { ago: 26, wrong: 'it is late: something is expected every 1d' },
    { ago: undefined, wrong: 'it is late: something is expected every 1d' },
  ])('and last came in the hour that began $ago hours ago: $wrong', async ({ ago, wrong }) => {
    const told: Counts = ago === undefined ? {} : { 'collect collect-fn shop EventsAccepted': [[ago, 1]] };
    const found = await stateOf({ ...shop, expectEvery: '1d' }, told);
    expect(found.wrong).toBe(wrong);
    expect(found.state).toContain(', expected every 1d');
  });
});

describe('a source of files', () => {
  const read = { 'lake crm RowsRead': [[3, 9]], 'import import-fn crm RowsSent': [[3, 7]] } as const;
  it('says what was read and sent, and how the last file ended', async () => {
    const summary = { file: 'imports/files/crm/b.csv', state: 'staged', rows: 9, bad: 2 };
    lake = {
      'imports/summaries/crm/a.csv.json': [5, { ...summary, state: 'refused' }],
      'imports/summaries/crm/b.csv.json': [3, summary],
    };
    expect(await stateOf(crm, read)).toEqual({
      state:
        '9 rows read, 7 sent in 24 h; the last more than 2 h ago; the last file staged 3 h ago, 9 rows, 2 of them bad',
      wrong: undefined,
    });
  });

  it('says why the last one was refused', async () => {
    const file = 'imports/files/crm/b.csv';
    lake = { 'imports/summaries/crm/b.csv.json': [3, { file, state: 'refused', reason: 'is empty' }] };
    expect((await stateOf(crm)).wrong).toBe(`${file}: is empty`);
  });

  it('that never had one says so', async () =>
    expect((await stateOf(crm)).state).toBe('0 rows read, 0 sent in 24 h; no rows in 7 days; no file in 30 days'));

  it.each([
    { put: 101, sent: 1_819, wrong: '5 % were refused: see the quarantine' },
    { put: 101, sent: 1_919, wrong: undefined },
    { put: 9, sent: 0, wrong: undefined },
  ])('$put refused beside $sent are wrong: $wrong', async ({ put, sent, wrong }) => {
    const told = { 'import import-fn crm RowsSent': [[1, sent]], 'import import-fn crm RowsQuarantined': [[1, put]] };
    expect((await stateOf(crm, told as unknown as Counts)).wrong).toBe(wrong);
  });
});

describe('a database', () => {
  it('says how the last run ended and up to when each table was read', async () => {
    glue.on(GetJobRunsCommand).resolves({ JobRuns: [{ JobRunState: 'SUCCEEDED', StartedOn: hours(2) }] });
    const bounds = {
      rows: { bound: hours(3).toISOString() },
      more: { bound: hours(2).toISOString() },
      none: { bound: null },
    };
    lake = { 'imports/state/warehouse/reads/bounds.json': [2, bounds] };
    expect((await stateOf(warehouse)).state).toMatch(/; the last run SUCCEEDED 2 h ago; read up to 3 h ago$/);
  });

  it('says why the last run failed, and that none ran', async () => {
    glue.on(GetJobRunsCommand).resolves({ JobRuns: [] });
    expect((await stateOf(warehouse)).state).toMatch(/; never read$/);
    glue
      .on(GetJobRunsCommand)
      .resolves({ JobRuns: [{ JobRunState: 'FAILED', StartedOn: hours(1), ErrorMessage: 'no password' }] });
    expect((await stateOf(warehouse)).wrong).toBe('its last run: no password');
  });

  it('whose run cannot be asked for is wrong, and hides no other source', async () => {
    glue.on(GetJobRunsCommand).rejects(new Error('no right'));
    const found = await sources(surroundings, watchedIn({ sources: [warehouse, shop] }));
    expect(found.map(({ part, wrong }) => [part, wrong])).toEqual([
      ['source warehouse', expect.stringContaining('no right')],
      ['source shop', undefined],
    ]);
  });
});

it('a topic says how many records wait, by the newest minutes alone', async () => {
  const lag = { 'topics-fn OffsetLag': [[0.1, 12]] } as const;
  expect((await stateOf(parcels, lag)).state).toBe('0 rows read, 0 sent in 24 h; no rows in 7 days; 12 records wait');
  expect((await stateOf(parcels, { 'topics-fn OffsetLag': [[2, 12]] })).state).not.toContain('wait');
});

it('a query says what became of its last answer, and what it asks', async () => {
  const answer = { state: 'asks', rows: 0, bad: 0, reason: 'it has no records, and 40 are known' };
  lake = { 'imports/rows/scores/l1/rows/result.json': [4, answer] };
  const found = await stateOf(scores);
  expect(found.state).toMatch(/; the last load asks 4 h ago, 0 rows, 0 of them bad$/);
  expect(found.wrong).toBe('it asks: it has no records, and 40 are known');
});

it('all sources and their queue are asked for in one request', async () => {
  queues.on(GetQueueAttributesCommand).resolves({
    Attributes: { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '1' },
  });
  glue.on(GetJobRunsCommand).resolves({ JobRuns: [] });
  counts = { 'imports ApproximateAgeOfOldestMessage': [[0.1, 7 * 3_600]] };
  const found = await sources(withQueue, watchedIn({ sources: [shop, crm, warehouse, parcels, scores] }));
  expect(watch.commandCalls(GetMetricDataCommand)).toHaveLength(1);
  expect(found[0]).toEqual({
    part: 'imports',
    state: '3 files or pieces wait, the oldest for 7 h, 1 are under way',
    wrong: 'they wait for more than 6 h',
  });
});

it('a source that is not deployed is wrong', async () =>
  expect(await sources({ ...surroundings, resources: [] }, watchedIn({ sources: [crm] }))).toEqual([
    { part: 'source crm', state: 'is not in the stack', wrong: 'deploy cdp.config.ts' },
  ]));
