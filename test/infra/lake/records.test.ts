import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CdpConfigInput, parseConfig } from '../../../lambdas/core/config/config.ts';
import { recordsJob } from '../../../lambdas/core/contract/jobs.ts';
import { lakeMetric } from '../../../lambdas/core/contract/metrics.ts';
import { jobOutput } from '../../../lambdas/core/contract/outputs.ts';
import { importPrefix, lakePrefix } from '../../../lambdas/core/contract/storage.ts';
import { jobConfig } from '../../../lib/lake/lake-rules.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { statements } from '../rules/access/permissions.ts';
import { broken } from '../rules/all.ts';
import { at, ofType, type Template, target, targets } from '../rules/template.ts';
import { wholeTemplate } from '../rules/whole.ts';
import { scratchApp } from '../unbundled.ts';
import { noRecords, scores, visits, withQuery, withRecords } from './records-config.ts';

const stackOf = (given: CdpConfigInput) => {
  const app = scratchApp();
  new CdpStack(app, 'Cdp', { config: given });
  const { violations } = new AwsSolutionsChecks().validateScope(app);
  return { violations, template: wholeTemplate(app.synth().getStackByName('Cdp').templateFullPath) };
};
const jobOf = (template: Template) => ofType(template, 'Glue::Job').find(([id]) => id.includes('BatchRecordsJob'));
const alarmOf = (template: Template) =>
  ofType(template, 'CloudWatch::Alarm').find(([, alarm]) => at(alarm, 'Properties.MetricName') === lakeMetric.asking);

describe('with a source of records', () => {
  let made: ReturnType<typeof stackOf>;
  beforeAll(() => {
    made = stackOf(withRecords);
  });

  it('there is a job that no schedule starts, and it has an output', () => {
    const [id] = jobOf(made.template) ?? [];
    const started = ofType(made.template, 'Glue::Trigger').map(([, trigger]) =>
      target(at(trigger, 'Properties.Actions.0.JobName')),
    );
    expect(id).toBeDefined();
    expect(started).not.toContain(id);
    expect(Object.keys(made.template.Outputs ?? {})).toContain(jobOutput(recordsJob));
  });

  it('its failures are heard, and so are the loads that ask', () => {
    const heard = ofType(made.template, 'Events::Rule').flatMap(([, rule]) =>
      targets(at(rule, 'Properties.EventPattern.detail.jobName')),
    );
    expect(heard).toContain(jobOf(made.template)?.[0]);
    expect(at(jobOf(made.template)?.[1], 'Properties.DefaultArguments.--asking-metric')).toBe(
      `CustomerDataPlatform/${lakeMetric.asking}`,
    );
    expect(alarmOf(made.template)).toBeDefined();
  });

  it('it writes its state, results and pieces, and reads rows, but no raw events', () => {
    const role = target(at(jobOf(made.template)?.[1], 'Properties.Role')) ?? '';
    const own = statements(made.template, 'IAM::Policy').filter(({ id }) =>
      targets(made.template.Resources[id]?.Properties?.Roles).includes(role),
    );
    const { rows, states, staged } = importPrefix;
    const below = (action: string) =>
      own.flatMap(({ actions, resources }) =>
        actions.map(String).includes(action)
          ? [rows, states, staged, lakePrefix.raw].filter((prefix) => JSON.stringify(resources).includes(prefix))
          : [],
      );
    expect([...new Set(below('s3:PutObject'))].sort()).toEqual([rows, staged, states].sort());
    expect(below('s3:GetObject')).toContain(rows);
    expect(below('s3:GetObject')).not.toContain(lakePrefix.raw);
    expect(own.flatMap(({ actions }) => actions.map(String)).some((action) => action.startsWith('kinesis:'))).toBe(
      false,
    );
  });

  it('it knows keys, times and shares of records alone', () => {
    expect(JSON.parse(jobConfig(parseConfig(withRecords))).records).toEqual({
      crm: { contacts: { key: ['id'], updatedAt: 'changed', maxShrink: 0.2 } },
    });
  });

  it('keeps every rule, and nag finds nothing', () => {
    expect(broken(made.template)).toEqual([]);
    expect(made.violations).toEqual([]);
  });
});

describe('with a query', () => {
  let made: ReturnType<typeof stackOf>;
  beforeAll(() => {
    made = stackOf(withQuery);
  });
  const idOf = (name: string) => ofType(made.template, 'Glue::Job').find(([id]) => id.includes(`Batch${name}Job`))?.[0];

  it('a job asks it after the marts, and no job waits for rows', () => {
    const starts = new Map(
      ofType(made.template, 'Glue::Trigger').map(([, trigger]) => [
        target(at(trigger, 'Properties.Actions.0.JobName')),
        target(at(trigger, 'Properties.Predicate.Conditions.0.JobName')),
      ]),
    );
    expect([starts.get(idOf('Queries')), starts.get(idOf('Maintain'))]).toEqual([idOf('Marts'), idOf('Queries')]);
    expect(idOf('Records')).toBeUndefined();
    expect(alarmOf(made.template)).toBeDefined();
  });

  it('the job knows the query, and the key of its answer', () => {
    expect(JSON.parse(jobConfig(parseConfig(withQuery)))).toMatchObject({
      records: {},
      queries: { model: { sql: expect.stringMatching(/^SELECT/), object: 'scores', key: ['user_id'], maxShrink: 0.2 } },
    });
  });

  it('keeps every rule, and nag finds nothing', () => {
    expect(broken(made.template)).toEqual([]);
    expect(made.violations).toEqual([]);
  });
});

describe('a query that is none', () => {
  const [source] = withQuery.sources.slice(-1);
  it.each([
    { name: 'writes', more: { sql: 'DROP TABLE profiles' }, flaw: 'must be a query' },
    { name: 'has two objects', more: { objects: [scores, { ...scores, object: 'x' }] }, flaw: 'must be one object' },
    { name: 'has rows that happened', more: { objects: [visits] }, flaw: 'must be one object' },
  ])('is refused where it $name', ({ more, flaw }) =>
    expect(() => parseConfig({ ...withQuery, sources: [{ ...source, ...more }] })).toThrow(flaw),
  );
});

describe('without one', () => {
  it('there is no such job and no such alarm', () => {
    const { template } = stackOf(noRecords);
    expect(jobOf(template)).toBeUndefined();
    expect(alarmOf(template)).toBeUndefined();
    expect(JSON.parse(jobConfig(parseConfig(noRecords))).records).toEqual({});
  });
});
