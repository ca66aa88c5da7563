import { env } from '../../../lambdas/core/contract/environment.ts';
import { every, type Rule } from './rule.ts';
import { at, ofType, type Resource, type Template, target, targets } from './template.ts';

const functions = (template: Template) => ofType(template, 'Lambda::Function');

/** What functions refer to at a path, for those that share it with another function. */
const shared = (template: Template, path: string, counts = (_: string): boolean => true): string[] => {
  const all = functions(template)
    .map(([, fn]) => target(at(fn, path)) ?? 'none')
    .filter(counts);
  return all.filter((id, index) => id === 'none' || all.indexOf(id) !== index);
};

/** Makes all functions use what the first one uses. */
const share = (template: Template, path: string, name: string): void => {
  const [first, ...others] = functions(template).map(
    ([, { Properties = {} }]) => at(Properties, path) as Record<string, unknown>,
  );
  for (const other of others) if (first !== undefined) other[name] = first[name];
};

/** What is no resource. */
const plain: ReadonlySet<string> = new Set([env.destinationId, env.importBytesPerSecond, env.sourceId, env.retention]);

/** Each function stands alone: its own role, its own log, bounded time, today's runtime. */
export const functionRules: readonly Rule[] = [
  every({
    name: 'every function runs on Node 24 and ARM, outside of any VPC',
    type: 'Lambda::Function',
    looksLike: { Properties: { Runtime: 'nodejs24.x', Architectures: ['arm64'], VpcConfig: undefined } },
    spoiledBy: { Properties: { VpcConfig: { SubnetIds: ['subnet-1'] } } },
  }),
  every({
    name: 'every function ends within two minutes, but those that read files and run privacy requests',
    type: 'Lambda::Function',
    only: (id) => !/Imports|RequestsRun/.test(id),
    looksLike: { Properties: { Timeout: (seconds) => Number(seconds) > 0 && Number(seconds) <= 120 } },
    spoiledBy: { Properties: { Timeout: 900 } },
  }),
  every({
    name: 'collect ends before API Gateway gives up on it',
    type: 'Lambda::Function',
    only: (id) => /Collect/.test(id),
    looksLike: { Properties: { Timeout: (seconds) => Number(seconds) <= 30 } },
    spoiledBy: { Properties: { Timeout: 31 } },
  }),
  every({
    name: 'no function sets executions aside unless told to, for a new account has too few',
    type: 'Lambda::Function',
    looksLike: { Properties: { ReservedConcurrentExecutions: undefined } },
    spoiledBy: { Properties: { ReservedConcurrentExecutions: 10 } },
  }),
  every({
    name: 'every function is given only what the contract names, by reference',
    type: 'Lambda::Function',
    looksLike: {
      Properties: {
        Environment: {
          Variables: (variables) =>
            Object.entries(variables as object).every(
              ([name, value]) =>
                (Object.values(env) as string[]).includes(name) && (plain.has(name) || target(value) !== undefined),
            ),
        },
      },
    },
    spoiledBy: { Properties: { Environment: { Variables: { [env.profileTable]: 'a-table-of-this-name' } } } },
  }),
  {
    name: 'no two functions share a role',
    breaches: (template) => shared(template, 'Properties.Role'),
    spoil: (template) => share(template, 'Role', 'Fn::GetAtt'),
  },
  {
    name: 'no two functions share a log group, but those of destinations, whose log streams bear the names of the functions',
    breaches: (template) => shared(template, 'Properties.LoggingConfig.LogGroup', (id) => !/DeliveryLogs/.test(id)),
    spoil: (template) => share(template, 'LoggingConfig.LogGroup', 'Ref'),
  },
  {
    name: 'only functions, deliveries to S3, jobs, schedules and rules have a role, used by one of them or by schedules of one target',
    breaches: (template) => {
      const users = [
        'Lambda::Function',
        'KinesisFirehose::DeliveryStream',
        'Glue::Job',
        'Scheduler::Schedule',
        'Events::Rule',
      ].flatMap((type) => ofType(template, type));
      const oneOf = (user: Resource): unknown => target(at(user, 'Properties.Target.Arn')) ?? user;
      return ofType(template, 'IAM::Role')
        .map(([id]) => {
          const using = users.flatMap(([, user]) => (targets(user.Properties).includes(id) ? [oneOf(user)] : []));
          return { id, usedBy: new Set(using).size };
        })
        .filter(({ usedBy }) => usedBy !== 1)
        .map(({ id, usedBy }) => `${id} is used by ${usedBy}`);
    },
    spoil: (template) => share(template, 'Role', 'Fn::GetAtt'),
  },
  every({
    name: 'every log group forgets in time and is encrypted with the key',
    type: 'Logs::LogGroup',
    looksLike: {
      Properties: {
        RetentionInDays: (days) => Number(days) > 0 && Number(days) <= 14,
        KmsKeyId: (key) => /Key/.test(target(key) ?? ''),
      },
    },
    spoiledBy: { Properties: { RetentionInDays: undefined } },
  }),
];
