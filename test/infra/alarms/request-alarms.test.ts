import { Stack } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { CustomerDataPlatform } from '../../../lib/platform/customer-data-platform.ts';
import { at, ofType, type Template } from '../rules/template.ts';
import { synthesized } from '../unbundled.ts';

const { Usual = { Resources: {} }, Strict = { Resources: {} } } = synthesized((app) => {
  for (const [name, privacy] of Object.entries({ Usual: {}, Strict: { gdprDays: 10, alarmDays: 3 } }))
    new CustomerDataPlatform(new Stack(app, name), 'Platform', { config: { ...config, privacy } });
});

const alarms = (template: Template) =>
  ofType(template, 'CloudWatch::Alarm').flatMap(([, { Properties = {} }]) =>
    at({ Properties }, 'Properties.MetricName') === 'RequestsDue' ? [Properties] : [],
  );

it('an alarm rings when a request is due, another when nobody told whether one is', () => {
  const [due, silent, ...more] = alarms(Usual);
  expect(more).toEqual([]);
  // The hourly values of one hour may come in two, or none.
  expect(due).toMatchObject({
    ...{ Statistic: 'Maximum', Period: 3600, EvaluationPeriods: 2, DatapointsToAlarm: 1, Threshold: 0 },
    ...{ ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' },
  });
  expect(silent).toMatchObject({
    ...{ Statistic: 'SampleCount', Period: 3600, EvaluationPeriods: 3, Threshold: 1 },
    ...{ ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' },
  });
});

it('the alarm says the days that are configured', () => {
  expect(alarms(Usual)[0]?.AlarmDescription).toContain('within 7 days, or are late');
  expect(alarms(Strict)[0]?.AlarmDescription).toContain('within 3 days, or are late');
});

it('the schedule starts the function every hour, encrypted, by a role that may do nothing else', () => {
  const hourly = ofType(Usual, 'Scheduler::Schedule').filter(
    ([, schedule]) => at(schedule, 'Properties.ScheduleExpression') === 'rate(1 hour)',
  );
  expect(hourly).toHaveLength(1);
  const [[, schedule] = ['', {}]] = hourly;
  expect(at(schedule, 'Properties.KmsKeyArn')).toBeDefined();
  const started = String(at(schedule, 'Properties.Target.Arn.Fn::GetAtt.0'));
  expect(at(Usual.Resources[started] ?? {}, 'Properties.Timeout')).toBe(900);
  const metricOf = at({ Properties: alarms(Usual)[0] ?? {} }, 'Properties.Dimensions') as object[];
  expect(metricOf).toContainEqual({ Name: 'function', Value: { Ref: started } });
});
