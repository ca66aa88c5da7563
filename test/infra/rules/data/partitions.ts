import { every, type Rule } from '../rule.ts';
import { at, listOf, ofType, type Template } from '../template.ts';

/** A text with what is only known at deployment in brackets: `logs.<AWS::Region>.<AWS::URLSuffix>`. */
function written(value: unknown): string {
  if (typeof value === 'string') return value;
  const reference = at(value, 'Ref');
  return typeof reference === 'string' ? `<${reference}>` : listOf(at(value, 'Fn::Join.1')).map(written).join('');
}

/** Every text below a value. */
const textsBelow = (value: unknown): string[] =>
  typeof value === 'object' && value !== null && at(value, 'Fn::Join') === undefined
    ? Object.values(value).flatMap(textsBelow)
    : [written(value)];

/**
 * What says who may do something and when; of the key's own policy only whom it names, for the rest of it is the CDK's,
 * and the account may use the key anyway.
 */
const stated = (template: Template): [string, unknown][] => [
  ...(['IAM::Policy', 'IAM::ManagedPolicy', 'IAM::Role', 'S3::BucketPolicy', 'SQS::QueuePolicy'] as const).flatMap(
    (type) => ofType(template, type),
  ),
  ...ofType(template, 'KMS::Key').flatMap(([id, key]) =>
    listOf(at(key, 'Properties.KeyPolicy.Statement')).map((statement): [string, unknown] => [
      id,
      at(statement, 'Principal'),
    ]),
  ),
];

/**
 * CloudWatch Logs encrypts, and is encrypted again under a rotated key, by these:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
const forLogs = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];

/** The template is the same in every partition of AWS, and in every console. */
export const partitionRules: readonly Rule[] = [
  {
    name: 'no right hangs on a regional name that a service has only outside China',
    breaches: (template) =>
      stated(template).flatMap(([id, value]) =>
        textsBelow(value).some((text) => text.includes('<AWS::Region>.amazonaws.com')) ? [id] : [],
      ),
    spoil: (template) =>
      Object.assign(ofType(template, 'IAM::Policy')[0]?.[1].Properties ?? {}, {
        Via: { 'Fn::Join': ['', ['s3.', { Ref: 'AWS::Region' }, '.amazonaws.com']] },
      }),
  },
  {
    name: 'every character is one that CloudFormation shows as it is',
    breaches: (template) =>
      Object.entries(template.Resources).flatMap(([id, resource]) =>
        /[^\n\x20-\x7e]/.test(JSON.stringify(resource)) ? [id] : [],
      ),
    spoil: (template) =>
      Object.assign(ofType(template, 'SecretsManager::Secret')[0]?.[1].Properties ?? {}, { Description: 'a URL, …' }),
  },
  every({
    name: 'the key lets CloudWatch Logs do all that it documents',
    type: 'KMS::Key',
    looksLike: {
      Properties: {
        KeyPolicy: {
          Statement: (statements) =>
            listOf(statements).some(
              (one) =>
                written(at(one, 'Principal.Service')) === 'logs.<AWS::Region>.<AWS::URLSuffix>' &&
                forLogs.every((action) => listOf(at(one, 'Action')).includes(action)),
            ),
        },
      },
    },
    spoiledBy: { Properties: { KeyPolicy: { Statement: [] } } },
  }),
];
