import { CloudWatchClient, GetMetricDataCommand, type GetMetricDataInput } from '@aws-sdk/client-cloudwatch';
import { beforeEach, expect, it } from 'vitest';
import type { Surroundings } from '../../../bin/status/readings.ts';
import { sources } from '../../../bin/status/sources.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const watch = mockClient(CloudWatchClient);
const now = Date.UTC(2026, 4, 8);
const hours = (n: number): Date => new Date(now - n * 3_600_000);
const functions = { IngestCollect1: 'collect-fn', ImportsTake1: 'import-fn', TopicsOrdersTake1: 'topics-fn' };
const surroundings: Surroundings = {
  ...{ where: { region: 'eu-west-1' }, id: 'id', now, outputs: {} },
  resources: Object.entries(functions).map(([logicalId, physicalId]) => ({
    ...{ logicalId, physicalId },
    type: 'AWS::Lambda::Function',
  })),
};

/** Counts by function, source and metric: how many hours ago, and how many. */
type Counts = Record<string, readonly (readonly [ago: number, count: number])[]>;
let counts: Counts = {};

beforeEach(() => {
  watch.reset();
  watch.on(GetMetricDataCommand).callsFake(({ MetricDataQueries = [] }: GetMetricDataInput) => ({
    MetricDataResults: MetricDataQueries.map(({ Id, MetricStat }) => {
      const { MetricName, Dimensions = [] } = MetricStat?.Metric ?? {};
      const by = new Map(Dimensions.map(({ Name, Value }) => [Name, Value]));
      const found = counts[`${by.get('service')} ${by.get('function')} ${by.get('source')} ${MetricName}`] ?? [];
      return { Id, Timestamps: found.map(([ago]) => hours(ago)), Values: found.map(([, count]) => count) };
    }),
  }));
});

const stateOf = async (id: string, kind: 'server' | 'webhook' | 'files' | 'kafka', told: Counts = {}) => {
  counts = told;
  const [finding] = await sources(surroundings, [{ id, kind }]);
  const { state, wrong } = finding ?? expect.unreachable();
  return { state, wrong };
};

it('tells of a source of calls what came in a day, what was refused, and how long ago the last was', async () => {
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
  expect(await stateOf('shop', 'server', told)).toEqual({
    state: '42 events in 24 h, 4 refused; the last within an hour',
    wrong: undefined,
  });
  expect((await stateOf('shop', 'webhook', { 'collect collect-fn shop EventsAccepted': [[9, 1]] })).state).toBe(
    '1 events in 24 h; the last more than 8 h ago',
  );
});

it('tells of a source of rows by the function that imports, and of topics by theirs', async () => {
  expect((await stateOf('crm', 'files', { 'import import-fn crm RowsSent': [[3, 7]] })).state).toMatch(/^7 rows/);
  expect((await stateOf('orders', 'kafka', { 'topics topics-fn orders RowsSent': [[3, 7]] })).state).toMatch(
    /^7 events/,
  );
});

it('a source from which nothing came says so', async () =>
  expect(await stateOf('crm', 'files')).toEqual({ state: '0 rows in 24 h; no rows in 7 days', wrong: undefined }));

it.each([
  { put: 101, came: 908, wrong: '10 % were refused: see the quarantine' },
  { put: 101, came: 910, wrong: undefined },
  { put: 100, came: 0, wrong: undefined },
])('$put refused beside $came are wrong: $wrong', async ({ put, came, wrong }) => {
  const told = { 'import import-fn crm RowsSent': [[1, came]], 'import import-fn crm RowsQuarantined': [[1, put]] };
  expect((await stateOf('crm', 'files', told as unknown as Counts)).wrong).toBe(wrong);
});

it('a source that is not deployed is wrong', async () =>
  expect(await sources({ ...surroundings, resources: [] }, [{ id: 'crm', kind: 'files' }])).toEqual([
    { part: 'source crm', state: 'is not in the stack', wrong: 'deploy cdp.config.ts' },
  ]));
