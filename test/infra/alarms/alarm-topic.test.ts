import { type App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { CustomerDataPlatform } from '../../../lib/platform/customer-data-platform.ts';
import type { CustomerDataPlatformProps } from '../../../lib/platform/platform-props.ts';
import { at, ofType, type Template } from '../rules/template.ts';
import { scratchApp, synthesized } from '../unbundled.ts';

const alarmEmail = 'on-call@example.com';
const own = 'arn:aws:sns:eu-west-1:111111111111:on-call';
const warned: Record<string, boolean> = {};
let templates: Record<string, Template> = {};

function place(app: App, id: string, props: (stack: Stack) => Partial<CustomerDataPlatformProps>): void {
  const stack = new Stack(app, id);
  new CustomerDataPlatform(stack, 'Platform', { config, ...props(stack) });
  warned[id] =
    Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('Nobody receives the alarms')).length > 0;
}

beforeAll(() => {
  templates = synthesized((app) => {
    place(app, 'Nobody', () => ({}));
    place(app, 'Mail', () => ({ alarmEmail }));
    place(app, 'Own', (stack) => ({ alarmTopic: Topic.fromTopicArn(stack, 'OnCall', own) }));
    place(app, 'Both', (stack) => ({ alarmEmail, alarmTopic: Topic.fromTopicArn(stack, 'OnCall', own) }));
  });
});

const valuesAt = (stack: string, type: string, path: string): unknown[] =>
  ofType(templates[stack] ?? { Resources: {} }, type).map(([, resource]) => at(resource, path));

describe('alarms', () => {
  it.each(['Nobody', 'Mail'])('go to a topic of the platform (%s)', (stack) => {
    const [[id] = ['']] = ofType(templates[stack] ?? { Resources: {} }, 'SNS::Topic');
    expect(
      new Set(
        valuesAt(stack, 'CloudWatch::Alarm', 'Properties.AlarmActions').map((actions) => JSON.stringify(actions)),
      ),
    ).toEqual(new Set([JSON.stringify([{ Ref: id }])]));
  });

  it.each(['Own', 'Both'])('go to the topic that is given, and no other is made (%s)', (stack) => {
    expect(valuesAt(stack, 'SNS::Topic', 'Type')).toEqual([]);
    for (const actions of valuesAt(stack, 'CloudWatch::Alarm', 'Properties.AlarmActions'))
      expect(actions).toEqual([own]);
    expect(valuesAt(stack, 'Events::Rule', 'Properties.Targets.0.Arn')).toContain(own);
  });

  it.each([
    { stack: 'Nobody', mailed: [], isWarned: true },
    { stack: 'Mail', mailed: [alarmEmail], isWarned: false },
    { stack: 'Own', mailed: [], isWarned: false },
    { stack: 'Both', mailed: [alarmEmail], isWarned: false },
  ])('$stack: mailed to $mailed, warned: $isWarned', ({ stack, mailed, isWarned }) => {
    expect(valuesAt(stack, 'SNS::Subscription', 'Properties.Endpoint')).toEqual(mailed);
    expect(warned[stack]).toBe(isWarned);
  });
});

it.each(['', 'on-call', 'on call@example.com', '@example.com', 'a@b@c'])(
  'an address is refused that is none: %j',
  (email) =>
    expect(() => place(scratchApp(), 'Bad', () => ({ alarmEmail: email }))).toThrow(
      /alarmEmail must be an e-mail address; got/,
    ),
);

it('a job with a clock of its own is heard by its own schedule, and the one before it ends the chain', () => {
  const jobs = { maintain: { schedule: 'cron(0 2 * * ? *)' } };
  const { S } = synthesized((app) => place(app, 'S', () => ({ jobs })));
  const heard = ofType(S ?? { Resources: {} }, 'CloudWatch::Alarm').flatMap(([, alarm]) =>
    at(alarm, 'Properties.MetricName') === 'JobEnded'
      ? [[at(alarm, 'Properties.Dimensions.1.Value'), at(alarm, 'Properties.EvaluationPeriods')]]
      : [],
  );
  const told = ofType(S ?? { Resources: {} }, 'Glue::Job').flatMap(([id, job]) =>
    at(job, 'Properties.DefaultArguments.--ended-metric') === undefined ? [] : (id.match(/Batch(\w+)Job/)?.[1] ?? []),
  );
  expect(heard).toEqual([
    ['marts', 13],
    ['maintain', 49],
  ]);
  expect(told).toEqual(['Marts', 'Maintain']);
});
