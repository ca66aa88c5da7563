import { every, type Rule } from './rule.ts';
import { at, merge, ofType, type Resource, type Template, target } from './template.ts';

const asset = (ending: string) => (value: unknown) =>
  new RegExp(`/[0-9a-f]{64}${ending}"`).test(JSON.stringify(value ?? ''));
const nothingOr = (holds: (value: unknown) => boolean) => (value: unknown) => value === undefined || holds(value);

/**
 * Names of the two groups that Glue writes a job's logs to, where there is a security configuration that encrypts them:
 * AWS's guide, "Logging for AWS Glue jobs".
 */
const groupsOf = ([, job]: [string, Resource]): unknown[] => {
  const { Ref: security } = at(job, 'Properties.SecurityConfiguration') as { Ref: string };
  const parts = [
    `${at(job, 'Properties.DefaultArguments.--custom-logGroup-prefix')}/`,
    { Ref: security },
    '-role/',
    { Ref: target(at(job, 'Properties.Role')) },
  ];
  return ['/output', '/error'].map((kind) => ({ 'Fn::Join': ['', [...parts, kind]] }));
};

/** Groups of a job's logs that are not in the template: Glue would make them, and keep everything for good. */
const missingGroups = (template: Template): string[] => {
  const names = new Set(
    ofType(template, 'Logs::LogGroup').map(([, group]) => JSON.stringify(at(group, 'Properties.LogGroupName'))),
  );
  return ofType(template, 'Glue::Job').flatMap((job) =>
    groupsOf(job)
      .map((name) => JSON.stringify(name))
      .filter((name) => !names.has(name)),
  );
};

const isOfJobs = (id: string): boolean => /(Output|Error)Logs/.test(id);

/** What every job of the lake runs with. */
export const jobRules: readonly Rule[] = [
  every({
    name: 'jobs run on the version of Glue that they are tested for, one run at a time, tried twice',
    type: 'Glue::Job',
    looksLike: {
      Properties: {
        GlueVersion: '5.1',
        MaxRetries: 1,
        ExecutionProperty: { MaxConcurrentRuns: 1 },
        Command: { Name: 'glueetl' },
      },
    },
    spoiledBy: { Properties: { GlueVersion: '4.0' } },
  }),
  every({
    name: 'no job installs anything from the internet',
    type: 'Glue::Job',
    looksLike: {
      Properties: { DefaultArguments: { '--additional-python-modules': nothingOr(asset('\\.gluewheels\\.zip')) } },
    },
    spoiledBy: { Properties: { DefaultArguments: { '--additional-python-modules': 'phonenumbers==9.0.43' } } },
  }),
  every({
    name: 'jobs that install something ask no index for it, nor for what it asks for',
    type: 'Glue::Job',
    only: (id) => /Job(Events|Identities|Profiles|Matches)|Batch(Events|Identities|Profiles|Matches)/.test(id),
    looksLike: { Properties: { DefaultArguments: { '--python-modules-installer-option': '--no-index --no-deps' } } },
    spoiledBy: { Properties: { DefaultArguments: { '--python-modules-installer-option': '--no-deps' } } },
  }),
  {
    name: 'what jobs print goes to log groups of this template, below a prefix of the stack’s own',
    breaches: missingGroups,
    spoil: (template) =>
      merge(ofType(template, 'Glue::Job')[0]?.[1] ?? {}, {
        Properties: { DefaultArguments: { '--custom-logGroup-prefix': undefined } },
      }),
  },
  every({
    name: 'logs of jobs are encrypted with the key, kept for two weeks, and gone with the stack',
    type: 'Logs::LogGroup',
    only: isOfJobs,
    looksLike: {
      DeletionPolicy: 'Delete',
      Properties: { RetentionInDays: 14, KmsKeyId: (key) => /Key/.test(target(key) ?? '') },
    },
    spoiledBy: { Properties: { RetentionInDays: undefined } },
  }),
  every({
    name: 'a job waits for its log groups, so that Glue finds them',
    type: 'Glue::Job',
    looksLike: { DependsOn: (ids) => Array.isArray(ids) && ids.filter(isOfJobs).length === 2 },
    spoiledBy: { DependsOn: [] },
  }),
];
