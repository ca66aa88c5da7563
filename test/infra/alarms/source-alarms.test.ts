import { beforeAll, describe, expect, it } from 'vitest';
import type { CdpConfigInput } from '../../../lambdas/core/config/config.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { at, listOf, ofType, type Resource, type Template } from '../rules/template.ts';
import { synthesized } from '../unbundled.ts';

const objects = [{ object: 'rows', rows: 'records' as const, key: ['id'], mappings: [{ to: { type: 'identify' } }] }];
const kafka = {
  kind: 'kafka' as const,
  connection: { kind: 'brokers' as const, brokers: ['kafka.example.com:9096'] },
};
const sources: CdpConfigInput['sources'] = [
  { id: 'web', kind: 'browser', writeKey: 'a-write-key' },
  { id: 'shop', kind: 'server', writeKey: 'another-write-key', expectEvery: '90m', maxRefusedShare: 0.2 },
  { id: 'crm', kind: 'files', expectEvery: '1d', objects },
  { id: 'erp', kind: 'query', sql: 'SELECT 1 AS id', maxRefusedShare: 0, objects },
  { id: 'parcels', ...kafka, objects: [{ object: 'parcels', rows: 'events', topic: 'parcels' }], expectEvery: '7d' },
];

let templates: Record<string, Template> = {};
beforeAll(() => {
  templates = synthesized((app) => {
    new CdpStack(app, 'All', { config: { sources } });
    new CdpStack(app, 'None', { config: { sources: sources.slice(0, 1) } });
  });
});

/** The alarms of sources, by their names within the stack. */
const alarmsOf = (stack: string): [string, Resource][] =>
  ofType(templates[stack] ?? { Resources: {} }, 'CloudWatch::Alarm').flatMap(([id, alarm]) => {
    const name = /SourceHealth(\w+)Alarms(\w+?)[0-9A-F]{8}$/.exec(id);
    return name === null ? [] : [[`${name[1]} ${name[2]}`, alarm]];
  });
const alarm = (name: string): Record<string, unknown> =>
  (new Map(alarmsOf('All')).get(name)?.Properties ?? expect.unreachable(`no ${name}`)) as Record<string, unknown>;

const dimensions = (metric: unknown): object =>
  Object.fromEntries(listOf(at(metric, 'Dimensions')).map((each) => [at(each, 'Name'), at(each, 'Value')]));

/** The metrics that an expression reckons with, by their ids: name, source and service. */
const reckoned = (name: string) =>
  Object.fromEntries(
    listOf(alarm(name).Metrics).flatMap((entry) => {
      const metric = at(entry, 'MetricStat.Metric');
      const { source, service } = dimensions(metric) as Record<string, string>;
      return metric === undefined ? [] : [[at(entry, 'Id'), `${at(metric, 'MetricName')} ${service} ${source}`]];
    }),
  );
const expression = (name: string): unknown =>
  listOf(alarm(name).Metrics).flatMap((entry) => at(entry, 'Expression') ?? [])[0];

describe('alarms of sources', () => {
  it('are those that a source asks for, and for sources of rows also those of refused rows and of failed loads', () =>
    expect(
      alarmsOf('All')
        .map(([name]) => name)
        .sort(),
    ).toEqual([
      'Crm Failed',
      'Crm Refused',
      'Crm Silent',
      'Erp Failed',
      'Erp Refused',
      'Parcels Refused',
      'Parcels Silent',
      'Shop Refused',
      'Shop Silent',
    ]));

  it('are none where no source has one, and so is their stack', () => {
    expect(alarmsOf('None')).toEqual([]);
    expect(Object.keys(templates.None?.Resources ?? {}).filter((id) => id.includes('SourceHealth'))).toEqual([]);
  });

  it.each([
    { name: 'Crm Silent', metric: 'RowsRead', by: ['database', 'source'], Period: 3_600, EvaluationPeriods: 24 },
    { name: 'Parcels Silent', metric: 'RowsRead', by: ['database', 'source'], Period: 3_600, EvaluationPeriods: 168 },
    {
      name: 'Shop Silent',
      metric: 'EventsAccepted',
      by: ['function', 'service', 'source'],
      Period: 300,
      EvaluationPeriods: 18,
    },
  ])('$name rings when nothing is counted, also when nothing ever was', ({ name, metric, by, ...periods }) => {
    expect(alarm(name)).toMatchObject({
      ...periods,
      MetricName: metric,
      Statistic: 'Sum',
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
    expect(Object.keys(dimensions(alarm(name))).sort()).toEqual(by);
  });

  it('look back no further than CloudWatch does', () => {
    for (const [, { Properties }] of alarmsOf('All')) {
      const { Period, EvaluationPeriods } = (Properties ?? {}) as Record<string, number>;
      const most = (Period ?? 3_600) < 3_600 ? 86_400 : 604_800;
      expect((Period ?? 3_600) * (EvaluationPeriods ?? 0)).toBeLessThanOrEqual(most);
    }
  });

  it.each([
    { name: 'Shop Refused', Threshold: 20 },
    { name: 'Crm Refused', Threshold: 5 },
    { name: 'Erp Refused', Threshold: 0 },
  ])('$name rings above $Threshold percent, and not when nothing came', ({ name, Threshold }) =>
    expect(alarm(name)).toMatchObject({
      Threshold,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    }),
  );

  it('reckon the share by what was taken and refused, from ten refused on', () => {
    expect(reckoned('Shop Refused')).toEqual({
      taken0: 'EventsAccepted collect shop',
      refused0: 'EventsInvalid collect shop',
      refused1: 'EventsTooLarge collect shop',
    });
    expect(expression('Shop Refused')).toBe(
      'IF(FILL(refused0, 0) + FILL(refused1, 0) >= 10, 100 * (FILL(refused0, 0) + FILL(refused1, 0)) / ' +
        '(FILL(taken0, 0) + FILL(refused0, 0) + FILL(refused1, 0)), 0)',
    );
    expect(reckoned('Crm Refused')).toEqual({ taken0: 'RowsSent import crm', refused0: 'RowsQuarantined import crm' });
    expect(reckoned('Parcels Refused')).toEqual({
      taken0: 'RowsSent topics parcels',
      refused0: 'RowsQuarantined topics parcels',
    });
  });

  it('ring at the first load that failed', () =>
    expect(alarm('Crm Failed')).toMatchObject({ MetricName: 'LoadsFailed', Threshold: 0, Period: 3_600 }));
});

it('jobs and functions count under the names that alarms look at', () => {
  const { All = { Resources: {} } } = templates;
  const named = (job: string, option: string) =>
    at(
      ofType(All, 'Glue::Job').find(([id]) => id.includes(`Batch${job}Job`))?.[1],
      `Properties.DefaultArguments.--${option}`,
    );
  expect(named('Queries', 'read-metric')).toBe('CustomerDataPlatform/RowsRead');
  expect(named('Records', 'failed-metric')).toBe('CustomerDataPlatform/LoadsFailed');
  const database = at(alarm('Crm Silent'), 'Dimensions.0.Value');
  const told = ofType(All, 'Lambda::Function').flatMap(([id, fn]) =>
    /^(Imports|Topics)\w*Take/.test(id.replace(/^Platform/, ''))
      ? [at(fn, 'Properties.Environment.Variables.LAKE_DATABASE')]
      : [],
  );
  expect(told).toEqual([database, database]);
});
