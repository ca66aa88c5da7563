import { metricNamespace } from '../../../../lambdas/core/contract/metrics.ts';
import type { Rule } from '../rule.ts';
import { at, listOf, merge, ofType, type Template, target, targets } from '../template.ts';

/** One statement of a policy, with where it stands. */
export interface Statement {
  readonly id: string;
  readonly effect: unknown;
  readonly actions: readonly unknown[];
  readonly resources: readonly unknown[];
  readonly principal: unknown;
  readonly condition: unknown;
}

const documents = {
  'IAM::Policy': 'PolicyDocument',
  'S3::BucketPolicy': 'PolicyDocument',
  'SQS::QueuePolicy': 'PolicyDocument',
  'SNS::TopicPolicy': 'PolicyDocument',
  'KMS::Key': 'KeyPolicy',
};

/**
 * Statements as they stand in the template, each with the id of what holds it: policies of a type, and what roles hold
 * themselves.
 */
function written(template: Template, type: keyof typeof documents): [string, unknown][] {
  const policies = ofType(template, type).map(([id, policy]): [string, unknown] => [
    id,
    at(policy, `Properties.${documents[type]}`),
  ]);
  const held = type === 'IAM::Policy' ? ofType(template, 'IAM::Role') : [];
  const own = held.flatMap(([id, role]) =>
    listOf(at(role, 'Properties.Policies')).map((policy): [string, unknown] => [id, at(policy, 'PolicyDocument')]),
  );
  return [...policies, ...own].flatMap(([id, document]) =>
    listOf(at(document, 'Statement')).map((statement): [string, unknown] => [id, statement]),
  );
}

/** Statements of all policies of a type; those of a role are such as `IAM::Policy` has. */
export const statements = (template: Template, type: keyof typeof documents): Statement[] =>
  written(template, type).map(([id, statement]) => ({
    id,
    effect: at(statement, 'Effect'),
    actions: listOf(at(statement, 'Action')),
    resources: listOf(at(statement, 'Resource')),
    principal: at(statement, 'Principal'),
    condition: at(statement, 'Condition'),
  }));

const resourcePolicies = (template: Template): Statement[] =>
  (['S3::BucketPolicy', 'SQS::QueuePolicy', 'SNS::TopicPolicy', 'KMS::Key'] as const).flatMap((type) =>
    statements(template, type),
  );

const describe = ({ id, actions, resources }: Statement): string => `${id}: ${JSON.stringify({ actions, resources })}`;
const isTheAccount = (principal: unknown): boolean => JSON.stringify(principal ?? '').includes(':root"');

/**
 * Whether a statement is about a resource: it names it, or is in a policy of queues that has it, where `*` is each of
 * them.
 */
const isAbout = (template: Template, id: string, { id: policy, resources }: Statement): boolean =>
  resources.some((resource) => target(resource) === id) ||
  (resources.includes('*') && targets(at(template.Resources[policy], 'Properties.Queues')).includes(id));

/** Refuses everything over plain connections to exactly the resource and what is in it. */
const refusesPlain = (
  id: string,
  service: string,
  { effect, actions, resources, principal, condition }: Statement,
): boolean =>
  effect === 'Deny' &&
  actions.includes(service === 'sns' ? 'sns:Publish' : `${service}:*`) &&
  (principal === '*' || at(principal, 'AWS') === '*') &&
  at(condition, 'Bool.aws:SecureTransport') === 'false' &&
  (service !== 's3' ||
    resources.some((resource) => JSON.stringify(resource).includes('"/*"') && targets(resource).includes(id)));

const tlsOnly = (
  type: string,
  policy: 'S3::BucketPolicy' | 'SQS::QueuePolicy' | 'SNS::TopicPolicy',
  service: string,
): Rule => ({
  name: `every ${type} refuses connections without TLS`,
  breaches: (template) =>
    ofType(template, type)
      .map(([id]) => id)
      .filter(
        (id) =>
          !statements(template, policy).some(
            (statement) => isAbout(template, id, statement) && refusesPlain(id, service, statement),
          ),
      ),
  spoil: (template) => spoilFirst(template, policy, { Effect: 'Allow' }),
});

function spoilFirst(
  template: Template,
  type: keyof typeof documents,
  patch: object,
  wanted = (_: unknown): boolean => true,
): void {
  const [, statement] = written(template, type).find(([, each]) => wanted(each)) ?? [];
  if (statement !== undefined) merge(statement as object, patch);
}

/** Nobody may do more than they must: no wildcards, no foreign callers, no plain connections. */
export const permissionRules: readonly Rule[] = [
  {
    name: 'no role may do anything by wildcard, but to objects and log groups under a prefix, which their writer names, and what is no resource, or is bounded by a condition',
    breaches: (template) =>
      statements(template, 'IAM::Policy')
        .filter((statement) => !isBounded(statement))
        .filter(({ actions, resources }) =>
          JSON.stringify([actions, resources.filter((one) => bucketOf(one, template) === undefined)]).includes('*'),
        )
        .map(describe),
    spoil: (template) => spoilFirst(template, 'IAM::Policy', { Action: ['kinesis:Put*'] }),
  },
  {
    name: 'every role may act on resources of this template and its assets only, and on the secret of a database, by name',
    breaches: (template) =>
      statements(template, 'IAM::Policy')
        .filter((statement) => !isBounded(statement))
        .filter(
          ({ resources }) =>
            resources.length === 0 ||
            resources.some(
              (one) =>
                !isAsset(one) &&
                !isCatalog(one, template) &&
                !isSecretOfDatabase(one) &&
                template.Resources[target(one) ?? bucketOf(one, template) ?? tableOf(one) ?? namedIn(one) ?? ''] ===
                  undefined,
            ),
        )
        .map(describe),
    spoil: (template) => spoilFirst(template, 'IAM::Policy', { Resource: ['arn:aws:s3:::a-bucket-elsewhere'] }),
  },
  {
    name: 'every role has one policy and nothing besides',
    breaches: (template) => {
      const held = ofType(template, 'IAM::Policy').flatMap(([, policy]) =>
        listOf(at(policy, 'Properties.Roles')).map(target),
      );
      return ofType(template, 'IAM::Role')
        .filter(
          ([id, role]) =>
            held.filter((holder) => holder === id).length + listOf(at(role, 'Properties.Policies')).length !== 1 ||
            at(role, 'Properties.ManagedPolicyArns') !== undefined,
        )
        .map(([id]) => id);
    },
    spoil: (template) =>
      merge(ofType(template, 'IAM::Role')[0]?.[1] ?? {}, {
        Properties: { ManagedPolicyArns: ['AdministratorAccess'] },
      }),
  },
  {
    name: 'every role is for one service of AWS',
    breaches: (template) =>
      ofType(template, 'IAM::Role')
        .filter(
          ([, role]) =>
            !/^(lambda|firehose|glue|scheduler|events)\.amazonaws\.com$/.test(
              String(at(role, 'Properties.AssumeRolePolicyDocument.Statement.0.Principal.Service')),
            ),
        )
        .map(([id]) => id),
    spoil: (template) =>
      merge(at(ofType(template, 'IAM::Role')[0]?.[1], 'Properties.AssumeRolePolicyDocument.Statement.0') as object, {
        Principal: { Service: undefined, AWS: '*' },
      }),
  },
  {
    name: 'no bucket, queue, topic or key lets anybody in',
    breaches: (template) =>
      resourcePolicies(template)
        .filter(({ effect, principal }) => effect === 'Allow' && (principal === '*' || at(principal, 'AWS') === '*'))
        .map(describe),
    spoil: (template) => spoilFirst(template, 'S3::BucketPolicy', { Effect: 'Allow' }),
  },
  {
    name: 'services are let into buckets, queues, topics and the key for this account only',
    breaches: (template) =>
      resourcePolicies(template)
        .filter(
          ({ principal, condition }) =>
            at(principal, 'Service') !== undefined && !isForThisAccount(condition, template),
        )
        .map(describe),
    spoil: (template) =>
      spoilFirst(
        template,
        'SQS::QueuePolicy',
        { Condition: undefined },
        (statement) => at(statement, 'Principal.Service') !== undefined,
      ),
  },
  {
    name: 'the account itself is the only one that may do everything with the key',
    breaches: (template) =>
      statements(template, 'KMS::Key')
        .filter(({ actions, principal }) => actions.includes('kms:*') && !isTheAccount(principal))
        .map(describe),
    spoil: (template) => spoilFirst(template, 'KMS::Key', { Principal: { AWS: '*' } }),
  },
  tlsOnly('S3::Bucket', 'S3::BucketPolicy', 's3'),
  tlsOnly('SQS::Queue', 'SQS::QueuePolicy', 'sqs'),
  tlsOnly('SNS::Topic', 'SNS::TopicPolicy', 'sns'),
];

/**
 * Metrics are no resources; only the namespace can be bounded. Lists of event source mappings are none, either, and
 * mappings are too many to name; only the functions that they start can be bounded.
 */
const isBounded = ({ actions, condition }: Statement): boolean =>
  (actions.every((action) => action === 'cloudwatch:PutMetricData') &&
    at(condition, 'StringEquals.cloudwatch:namespace') === metricNamespace) ||
  actions.every((action) => action === 'lambda:ListEventSourceMappings') ||
  (actions.every((action) => action === 'lambda:UpdateEventSourceMapping') &&
    /:function:[\w-]+\*/.test(JSON.stringify(at(condition, 'ArnLike.lambda:FunctionArn'))));

const joined = (resource: unknown): string =>
  listOf(at(resource, 'Fn::Join.1'))
    .map((part) => (typeof part === 'string' ? part : `<${targets(part)[0]}>`))
    .join('');

/** One object, by its hash, of the bucket that the CDK keeps a deployment's files in. */
const isAsset = (resource: unknown): boolean =>
  /cdk-\w+-assets-.*\/[0-9a-f]{64}(\.gluewheels)?\.\w+"/.test(JSON.stringify(resource));

/** The account's catalog, the database of this template and its tables by name, and a job of this template. */
function isCatalog(resource: unknown, template: Template): boolean {
  const [, kind, id = ''] =
    joined(resource).match(
      /^arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:(database|job|table)\/<(\w+)>(?:\/[a-z0-9_]+)?$/,
    ) ?? [];
  const wanted = kind === 'job' ? 'AWS::Glue::Job' : 'AWS::Glue::Database';
  return joined(resource).endsWith(':catalog') || template.Resources[id]?.Type === wanted;
}

/** A secret that somebody made for a database, by its name: AWS ends its ARN in six characters of its own. */
const isSecretOfDatabase = (resource: unknown): boolean =>
  /^arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:[\w/+=.@-]+-\?{6}$/.test(
    joined(resource),
  );

/** Logical id of the bucket that `…/some-prefix/*` lies in, or undefined for anything else. */
function bucketOf(resource: unknown, template: Template): string | undefined {
  const [id = ''] = targets(resource);
  // Or the name of a folder, which Hadoop asks for.
  const isPrefix = /^\/[a-z][a-z_/-]*(\/\*)?$/.test(String(at(resource, 'Fn::Join.1.1')));
  return isPrefix && template.Resources[id]?.Type === 'AWS::S3::Bucket' ? id : undefined;
}

/** Logical id of the table whose index is meant, or undefined for anything else. */
const tableOf = (resource: unknown): string | undefined =>
  /^\/index\/\w+$/.test(String(at(resource, 'Fn::Join.1.1'))) ? targets(resource)[0] : undefined;

/**
 * Logical id of what is meant by its name: a parameter, a stream of deliveries, a table, a bucket or one object of it;
 * undefined for anything else.
 */
const namedIn = (resource: unknown): string | undefined =>
  joined(resource).match(
    /^arn:<AWS::Partition>:(?:s3:::|(?:ssm|firehose|dynamodb):<AWS::Region>:<AWS::AccountId>:(?:parameter|deliverystream|table)\/)<(\w+)>(?:\/[a-z]+\/[a-z]+)?$/,
  )?.[1];

/** A condition that names the account, or a resource of this very template. */
function isForThisAccount(condition: unknown, template: Template): boolean {
  const named = targets(condition);
  return named.includes('AWS::AccountId') || named.some((id) => template.Resources[id] !== undefined);
}
