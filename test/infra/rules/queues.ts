import { hoursOfTries } from '../../../lambdas/core/destinations/next-try.ts';
import { every, type Rule } from './rule.ts';
import { at, listOf, ofType, type Template, target, targets } from './template.ts';

const queues = (template: Template) => ofType(template, 'SQS::Queue');
const isDeadLetters = (id: string, template: Template): boolean =>
  queues(template).some(([, queue]) => target(at(queue, 'Properties.RedrivePolicy.deadLetterTargetArn')) === id);
const ofBus = (id: string, template: Template): boolean =>
  ofType(template, 'Events::EventBus').some(([, bus]) => target(at(bus, 'Properties.DeadLetterConfig.Arn')) === id);
const isWorkQueue = (id: string, template: Template): boolean => !isDeadLetters(id, template) && !ofBus(id, template);
const fourteenDays = 1_209_600;

/** The mappings that feed functions from queues, with both. */
const fed = (template: Template) =>
  ofType(template, 'Lambda::EventSourceMapping').flatMap(([id, mapping]) => {
    const queueId = target(at(mapping, 'Properties.EventSourceArn')) ?? '';
    const queue = template.Resources[queueId];
    const fn = template.Resources[target(at(mapping, 'Properties.FunctionName')) ?? ''];
    return queue?.Type === 'AWS::SQS::Queue' ? [{ id, queueId, queue, fn }] : [];
  });

/** How long SQS alone brings a message back that no function ever decides about, in seconds. */
const ownTries = (queue: unknown): number =>
  Number(at(queue, 'Properties.RedrivePolicy.maxReceiveCount')) * Number(at(queue, 'Properties.VisibilityTimeout'));

/** Whether a queue's policy lets EventBridge put into it what is of one bus or rule. */
const letsIn = (template: Template, queueId: string, source: string): boolean =>
  ofType(template, 'SQS::QueuePolicy').some(
    ([, policy]) =>
      targets(at(policy, 'Properties.Queues')).includes(queueId) &&
      listOf(at(policy, 'Properties.PolicyDocument.Statement')).some(
        (statement) =>
          at(statement, 'Effect') === 'Allow' &&
          at(statement, 'Principal.Service') === 'events.amazonaws.com' &&
          target(at(statement, 'Condition.ArnEquals.aws:SourceArn')) === source,
      ),
  );

/** Nothing in a queue vanishes, and nothing stays in it for good. */
export const queueRules: readonly Rule[] = [
  every({
    name: 'every queue is encrypted with the key, but that of what a bus drops when the key is off',
    type: 'SQS::Queue',
    only: (id, template) => !ofBus(id, template),
    looksLike: { Properties: { KmsMasterKeyId: (key) => /Key/.test(target(key) ?? '') } },
    spoiledBy: { Properties: { KmsMasterKeyId: undefined } },
  }),
  every({
    name: 'what a bus drops is encrypted by SQS itself, and kept for 14 days, also without the stack',
    type: 'SQS::Queue',
    only: ofBus,
    looksLike: {
      DeletionPolicy: (policy) => /^Retain/.test(String(policy)),
      Properties: { KmsMasterKeyId: undefined, SqsManagedSseEnabled: true, MessageRetentionPeriod: fourteenDays },
    },
    spoiledBy: { Properties: { SqsManagedSseEnabled: false } },
  }),
  {
    name: 'every bus has dead letters, which let it in',
    breaches: (template) =>
      ofType(template, 'Events::EventBus')
        .filter(([id, bus]) => !letsIn(template, target(at(bus, 'Properties.DeadLetterConfig.Arn')) ?? '', id))
        .map(([id]) => id),
    spoil: (template) => {
      for (const [, { Properties = {} }] of ofType(template, 'Events::EventBus'))
        Reflect.deleteProperty(Properties, 'DeadLetterConfig');
    },
  },
  {
    name: 'every queue that a rule fills, or that takes what it cannot fill, lets it in',
    breaches: (template) =>
      ofType(template, 'Events::Rule').flatMap(([id, rule]) =>
        listOf(at(rule, 'Properties.Targets'))
          .flatMap((one) => [target(at(one, 'Arn')), target(at(one, 'DeadLetterConfig.Arn'))])
          .filter(
            (queue) =>
              template.Resources[queue ?? '']?.Type === 'AWS::SQS::Queue' && !letsIn(template, queue ?? '', id),
          )
          .map((queue) => `${id} into ${queue}`),
      ),
    spoil: (template) => {
      for (const [, policy] of ofType(template, 'SQS::QueuePolicy'))
        for (const statement of listOf(at(policy, 'Properties.PolicyDocument.Statement')))
          Reflect.deleteProperty(statement as object, 'Condition');
    },
  },
  every({
    name: 'every work queue keeps a message for 14 days, the longest there is',
    type: 'SQS::Queue',
    only: isWorkQueue,
    looksLike: { Properties: { MessageRetentionPeriod: fourteenDays } },
    spoiledBy: { Properties: { MessageRetentionPeriod: 345_600 } },
  }),
  {
    name: 'every work queue brings a message back for as long as its function tries, and gives it to dead letters long before it forgets it',
    breaches: (template) =>
      queues(template)
        .filter(([id]) => isWorkQueue(id, template))
        .filter(
          ([, queue]) =>
            !(ownTries(queue) >= hoursOfTries * 3_600 && ownTries(queue) <= fourteenDays / 2) ||
            target(at(queue, 'Properties.RedrivePolicy.deadLetterTargetArn')) === undefined,
        )
        .map(([id]) => id),
    spoil: (template) => {
      for (const [, { Properties = {} }] of queues(template))
        if (Properties.RedrivePolicy) Object.assign(Properties.RedrivePolicy, { maxReceiveCount: 5 });
    },
  },
  {
    name: 'a message stays hidden for six times as long as its function may take',
    breaches: (template) =>
      fed(template)
        .filter(
          ({ queue, fn }) =>
            !(Number(at(queue, 'Properties.VisibilityTimeout')) >= 6 * Number(at(fn, 'Properties.Timeout'))),
        )
        .map(({ id }) => id),
    spoil: (template) => {
      for (const [, { Properties = {} }] of queues(template)) Properties.VisibilityTimeout = 30;
    },
  },
  every({
    name: 'every queue feeds a bounded number of executions, so that it overruns no tool',
    type: 'Lambda::EventSourceMapping',
    only: (id, template) => fed(template).some((mapping) => mapping.id === id),
    looksLike: {
      Properties: { ScalingConfig: { MaximumConcurrency: (most) => Number(most) >= 2 && Number(most) <= 1_000 } },
    },
    spoiledBy: { Properties: { ScalingConfig: undefined } },
  }),
];
