import { every, type Rule } from '../rule.ts';
import { at, listOf, ofType, type Resource, type Template, target } from '../template.ts';

/** Outlives the stack; goes when the deployment that made it fails. */
const kept = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };

const policiesOf = (resource: Resource): string =>
  ['DeletionPolicy', 'UpdateReplacePolicy'].map((policy) => String(at(resource, policy))).join(' ');
const isKept = (resource: Resource): boolean => /^Retain/.test(policiesOf(resource));

/** What somebody put in, or what gives it meaning: it cannot be made again. */
const holdsData = ['KMS::Key', 'S3::Bucket', 'SecretsManager::Secret', 'Glue::Database'];

/** Of a queue, or of a bus. */
const isDeadLetters = (id: string, template: Template): boolean =>
  ofType(template, 'SQS::Queue').some(
    ([, queue]) => target(at(queue, 'Properties.RedrivePolicy.deadLetterTargetArn')) === id,
  ) ||
  ofType(template, 'Events::EventBus').some(([, bus]) => target(at(bus, 'Properties.DeadLetterConfig.Arn')) === id);

/** Group that a stage of an API writes its requests to. */
const accessLogsOf = (stage: Resource | undefined): string | undefined =>
  target(at(stage, 'Properties.AccessLogSettings.DestinationArn'));
const isAccessLogs = (id: string, template: Template): boolean =>
  ofType(template, 'ApiGatewayV2::Stage').some(([, stage]) => accessLogsOf(stage) === id);

const ownNames = ['LogGroupName', 'DatabaseName', 'BucketName', 'TableName', 'QueueName', 'Name', 'AliasName'];
const namesOf = (resource: Resource): unknown[] =>
  ownNames.flatMap((name) => listOf(at(resource, `Properties.${name}`)));
const hasStackPart = (name: unknown): boolean => JSON.stringify(name).includes('{"Ref":"AWS::StackId"}');
/** The key is taken up with the rest, so that what is named after it keeps its name. */
const hasKeyPart = (name: unknown, template: Template): boolean =>
  ofType(template, 'KMS::Key').some(([key]) => JSON.stringify(name).includes(`{"Fn::Split":["-",{"Ref":"${key}"}]}`));
const isOwn = (name: unknown, { Type }: Resource, template: Template): boolean =>
  Type === 'AWS::Glue::Database' ? hasKeyPart(name, template) : hasStackPart(name);

/** Whatever is neither data nor what gives it meaning. */
const goes = (id: string, template: Template): boolean => {
  const { Type = '' } = template.Resources[id] ?? {};
  const mayStay = [...holdsData, 'DynamoDB::Table', 'Kinesis::Stream'].map((type) => `AWS::${type}`);
  return !mayStay.includes(Type) && !isDeadLetters(id, template) && !isAccessLogs(id, template);
};

const tableMakers = (template: Template): Resource[] =>
  Object.values(template.Resources).filter(({ Type }) => Type === 'Custom::LakeTables');
/** What a deployment makes late, or what an account refuses. */
const lateOnes = [
  'ApiGatewayV2::Stage',
  'KinesisFirehose::DeliveryStream',
  'Glue::Trigger',
  'Athena::WorkGroup',
  'Scheduler::Schedule',
  'SNS::Topic',
];

/** What stays when a stack is deleted, what does not, and that a next stack never meets what stayed. */
export const lastingRules: readonly Rule[] = [
  ...holdsData.map((type) =>
    every({
      name: `every ${type} outlives its stack, unless its first deployment fails`,
      type,
      looksLike: kept,
      spoiledBy: { DeletionPolicy: 'Retain' },
    }),
  ),
  every({
    name: 'a protected table outlives its stack and a first deployment that fails, in which CloudFormation could not delete it',
    type: 'DynamoDB::Table',
    looksLike: {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { DeletionProtectionEnabled: true },
    },
    spoiledBy: { DeletionPolicy: 'RetainExceptOnCreate' },
  }),
  every({
    name: 'dead letters are kept for 14 days, the longest there is, and outlive the stack',
    type: 'SQS::Queue',
    only: isDeadLetters,
    looksLike: { ...kept, Properties: { MessageRetentionPeriod: 1_209_600 } },
    spoiledBy: { Properties: { MessageRetentionPeriod: 345_600 } },
  }),
  every({
    name: 'who called the APIs is still known when the stack is gone',
    type: 'Logs::LogGroup',
    only: isAccessLogs,
    looksLike: kept,
    spoiledBy: { DeletionPolicy: 'Delete' },
  }),
  every({
    name: 'the event stream goes with its stack, for it costs most and is empty after a day; one that is replaced may have events that nobody read',
    type: 'Kinesis::Stream',
    looksLike: { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Retain' },
    spoiledBy: { DeletionPolicy: 'RetainExceptOnCreate' },
  }),
  {
    name: 'nothing else outlives its stack',
    breaches: (template) =>
      Object.entries(template.Resources).flatMap(([id, resource]) =>
        isKept(resource) && goes(id, template) ? [id] : [],
      ),
    spoil: (template) =>
      Object.assign(ofType(template, 'KinesisFirehose::DeliveryStream')[0]?.[1] ?? {}, { DeletionPolicy: 'Retain' }),
  },
  {
    name: 'whatever outlives its stack has a name that CloudFormation makes up, or one with a part of the stack’s id; the database, which is taken up again, one of the key’s',
    breaches: (template) =>
      Object.entries(template.Resources).flatMap(([id, resource]) =>
        isKept(resource) && !namesOf(resource).every((name) => isOwn(name, resource, template)) ? [id] : [],
      ),
    spoil: (template) => Object.assign(ofType(template, 'S3::Bucket')[0]?.[1].Properties ?? {}, { BucketName: 'lake' }),
  },
  {
    name: 'every stage writes to a log group below /aws/vendedlogs/, which the account’s one resource policy need not name',
    breaches: (template) =>
      ofType(template, 'ApiGatewayV2::Stage').flatMap(([id, stage]) => {
        const group = template.Resources[accessLogsOf(stage) ?? ''];
        const name = at(group, 'Properties.LogGroupName');
        return String(at(name, 'Fn::Join.1.0')).startsWith('/aws/vendedlogs/') && hasStackPart(name) ? [] : [id];
      }),
    spoil: (template) => {
      const [, stage] = ofType(template, 'ApiGatewayV2::Stage')[0] ?? [];
      Reflect.deleteProperty(template.Resources[accessLogsOf(stage) ?? '']?.Properties ?? {}, 'LogGroupName');
    },
  },
  {
    name: 'the tables’ files are written when all else is there, for a rollback cannot delete a bucket that holds them',
    breaches: (template) => {
      const earlier = tableMakers(template).map((made) => listOf(at(made, 'DependsOn')));
      const late = lateOnes.flatMap((type) => ofType(template, type).map(([id]) => id));
      return earlier.length === 0
        ? ['nobody makes tables']
        : late.filter((id) => !earlier.every((ids) => ids.includes(id)));
    },
    spoil: (template) => {
      for (const made of tableMakers(template)) Object.assign(made, { DependsOn: [] });
    },
  },
  every({
    name: 'uploads that were never completed go from the whole of every bucket',
    type: 'S3::Bucket',
    looksLike: {
      Properties: {
        LifecycleConfiguration: {
          Rules: (rules) =>
            listOf(rules).some(
              (rule) =>
                at(rule, 'AbortIncompleteMultipartUpload.DaysAfterInitiation') === 1 &&
                at(rule, 'Prefix') === undefined &&
                isEnabled(rule),
            ),
        },
      },
    },
    spoiledBy: {
      Properties: {
        LifecycleConfiguration: {
          Rules: [{ Prefix: 'tables/', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }],
        },
      },
    },
  }),
];

const isEnabled = (rule: unknown): boolean => at(rule, 'Status') === 'Enabled';
