import {
  collectMetric,
  deliverMetric,
  lakeMetric,
  metricNamespace,
  publishMetric,
  stitchMetric,
  tendMetric,
} from '../../../lambdas/core/contract/metrics.ts';
import { every, type Rule } from './rule.ts';
import { at, listOf, ofType, type Resource, type Template, targets } from './template.ts';

const alarms = (template: Template): [string, Resource][] => ofType(template, 'CloudWatch::Alarm');

/** The metrics that an alarm looks at: one, or several that it reckons with. */
const metricsOf = (alarm: Resource): unknown[] => {
  const reckoned = listOf(at(alarm, 'Properties.Metrics')).flatMap((entry) => at(entry, 'MetricStat.Metric') ?? []);
  return reckoned.length > 0 ? reckoned : [alarm.Properties];
};

const hasAlarm = (template: Template, metric: string, id: string): boolean =>
  alarms(template).some(([, alarm]) =>
    metricsOf(alarm).some((each) => at(each, 'MetricName') === metric && targets(at(each, 'Dimensions')).includes(id)),
  );

/** Everything of a type has an alarm on a metric. */
const watched = (
  type: string,
  metric: string,
  only: (id: string, template: Template) => boolean = () => true,
): Rule => ({
  name: `every ${type} has an alarm on ${metric}`,
  breaches: (template) => {
    const ids = ofType(template, type).flatMap(([id]) => (only(id, template) ? [id] : []));
    return ids.length === 0 ? [`no ${type}`] : ids.filter((id) => !hasAlarm(template, metric, id));
  },
  spoil: (template) => {
    for (const [, alarm] of alarms(template))
      for (const each of metricsOf(alarm))
        if (at(each, 'MetricName') === metric) Reflect.set(each as object, 'MetricName', 'None');
  },
});

const mappingsOf = (fn: string, template: Template): Resource[] =>
  ofType(template, 'Lambda::EventSourceMapping').flatMap(([, mapping]) =>
    targets(at(mapping, 'Properties.FunctionName')).includes(fn) ? [mapping] : [],
  );

const readsQueue = (mapping: Resource | undefined, template: Template): boolean =>
  targets(at(mapping, 'Properties.EventSourceArn')).some(
    (source) => template.Resources[source]?.Type === 'AWS::SQS::Queue',
  );

/** Where such a function may not run, its queue's messages grow old. */
const isFedByQueue = (id: string, template: Template): boolean =>
  mappingsOf(id, template).some((mapping) => readsQueue(mapping, template));

const isFedByStream = (id: string, template: Template): boolean =>
  mappingsOf(id, template).some((mapping) => !readsQueue(mapping, template));

const readsTable = (id: string, template: Template): boolean =>
  targets(at(template.Resources[id], 'Properties.EventSourceArn')).some(
    (source) => template.Resources[source]?.Type === 'AWS::DynamoDB::Table',
  );

const readsStream = (id: string, template: Template): boolean =>
  at(template.Resources[id], 'Properties.DeliveryStreamType') === 'KinesisStreamAsSource';

/** Whether anything puts into it what it gave up on. */
const holdsDeadLetters = (id: string, template: Template): boolean =>
  Object.values(template.Resources).some(({ Properties = {} }) =>
    [
      Properties.RedrivePolicy,
      Properties.DeadLetterConfig,
      ...listOf(Properties.Targets).map((one) => at(one, 'DeadLetterConfig')),
    ].some((dead) => targets(dead).includes(id)),
  );

/** A count of our own, which only its name ties to what counts it. */
const counted = (metric: string, treatMissing: string): Rule => ({
  name: `an alarm looks at ${metric}`,
  breaches: (template) =>
    alarms(template).some(
      ([, { Properties = {} }]) =>
        Properties.MetricName === metric &&
        Properties.Namespace === metricNamespace &&
        Properties.TreatMissingData === treatMissing,
    )
      ? []
      : ['no alarm'],
  spoil: (template) => {
    for (const [, { Properties = {} }] of alarms(template))
      if (Properties.MetricName === metric) Properties.Namespace = 'None';
  },
});

const jobRules = (template: Template): [string, Resource][] =>
  ofType(template, 'Events::Rule').filter(([, rule]) =>
    listOf(at(rule, 'Properties.EventPattern.detail-type')).includes('Glue Job State Change'),
  );

/** A rule on the account's own bus counts bad ends of a job, and tells the topic which job it was. */
const tells = (template: Template, [id, rule]: [string, Resource], job: string): boolean =>
  at(rule, 'Properties.EventBusName') === undefined &&
  targets(at(rule, 'Properties.EventPattern.detail.jobName')).includes(job) &&
  ['FAILED', 'TIMEOUT', 'STOPPED'].every((state) =>
    listOf(at(rule, 'Properties.EventPattern.detail.state')).includes(state),
  ) &&
  listOf(at(rule, 'Properties.Targets')).some((one) =>
    /jobName/.test(JSON.stringify(at(one, 'InputTransformer') ?? '')),
  ) &&
  hasAlarm(template, 'TriggeredRules', id);

const jobsAreHeard: Rule = {
  name: 'a run of any job that failed, timed out or was stopped is heard, and which one',
  breaches: (template) =>
    ofType(template, 'Glue::Job')
      .map(([id]) => id)
      .filter((id) => !jobRules(template).some((rule) => tells(template, rule, id))),
  spoil: (template) => {
    for (const [, rule] of jobRules(template)) (at(rule, 'Properties.EventPattern.detail.jobName') as unknown[]).pop();
  },
};

/** Who is told when something stops, and what they can do. */
export const alarmRules: readonly Rule[] = [
  every({
    name: 'every alarm is sent to somebody when it rings and when it ends, and says what to do',
    type: 'CloudWatch::Alarm',
    looksLike: {
      Properties: {
        AlarmActions: (actions) => listOf(actions).length === 1,
        OKActions: (actions) => listOf(actions).length === 1,
        AlarmDescription: (text) =>
          /^[A-Z].*[^.]\. What to do: docs\/guides\/runbook\.md#[a-z0-9-]+$/.test(String(text)),
      },
    },
    spoiledBy: { Properties: { AlarmActions: undefined } },
  }),
  jobsAreHeard,
  counted(lakeMetric.ended, 'breaching'),
  counted(stitchMetric.capped, 'notBreaching'),
  counted(stitchMetric.unkept, 'notBreaching'),
  counted(tendMetric.lag, 'notBreaching'),
  counted(tendMetric.lag, 'breaching'),
  counted(tendMetric.failed, 'notBreaching'),
  counted(collectMetric.damaged, 'notBreaching'),
  counted(collectMetric.unkept, 'notBreaching'),
  counted(publishMetric.setAside, 'notBreaching'),
  counted(deliverMetric.failing, 'notBreaching'),
  // A queue tells, too, when its function does not work.
  watched('Lambda::Function', 'Errors', (id, template) => !isFedByQueue(id, template)),
  watched('Lambda::Function', 'Throttles', (id, template) => !isFedByQueue(id, template)),
  watched('Lambda::Function', 'IteratorAge', isFedByStream),
  watched('Lambda::Function', 'DestinationDeliveryFailures', isFedByStream),
  watched(
    'Lambda::EventSourceMapping',
    'OnFailureDestinationDeliveredEventCount',
    (id, template) => !readsQueue(template.Resources[id], template),
  ),
  watched('Lambda::EventSourceMapping', 'PolledEventCount', readsTable),
  watched('SQS::Queue', 'ApproximateNumberOfMessagesVisible', holdsDeadLetters),
  watched('SQS::Queue', 'ApproximateAgeOfOldestMessage', (id, template) => !holdsDeadLetters(id, template)),
  watched('ApiGatewayV2::Api', '5xx'),
  watched('Kinesis::Stream', 'IncomingRecords'),
  watched('Kinesis::Stream', 'IncomingBytes'),
  watched('Kinesis::Stream', 'WriteProvisionedThroughputExceeded'),
  watched('KinesisFirehose::DeliveryStream', 'DeliveryToS3.DataFreshness'),
  watched('KinesisFirehose::DeliveryStream', 'KinesisMillisBehindLatest', readsStream),
  watched('KinesisFirehose::DeliveryStream', 'DataReadFromKinesisStream.Records', readsStream),
  watched('DynamoDB::Table', 'ConsumedWriteCapacityUnits'),
  watched('DynamoDB::Table', 'ReadThrottleEvents'),
  watched('DynamoDB::Table', 'WriteThrottleEvents'),
  watched('Scheduler::ScheduleGroup', 'TargetErrorCount'),
];
