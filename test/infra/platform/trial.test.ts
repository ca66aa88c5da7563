import { RemovalPolicies, RemovalPolicy } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { permissionRules, statements } from '../rules/access/permissions.ts';
import { partitionRules } from '../rules/data/partitions.ts';
import { functionRules } from '../rules/functions.ts';
import { retryRules } from '../rules/retries.ts';
import { testRules } from '../rules/rule.ts';
import { at, listOf, ofType, type Template, target } from '../rules/template.ts';
import { wholeTemplate } from '../rules/whole.ts';
import { shipped } from '../shipped.ts';
import { scratchApp, synthesized } from '../unbundled.ts';

let trial: Template = { Resources: {} };
let findings: string[] = [];
beforeAll(() => {
  const app = scratchApp();
  const stack = new CdpStack(app, 'Trial', { config, removalPolicy: RemovalPolicy.DESTROY });
  findings = new AwsSolutionsChecks().validateScope(app).violations.map(({ ruleName }) => ruleName);
  trial = wholeTemplate(app.synth().getStackByName(stack.stackName).templateFullPath);
});

const emptying = (template: Template) =>
  Object.values(template.Resources).filter(({ Type }) => Type === 'Custom::EmptiedBuckets');
const ids = (type: string) => ofType(trial, type).map(([id]) => id);

describe('a trial', () => {
  it('keeps nothing', () => {
    const kept = Object.values(trial.Resources).filter((resource) =>
      /Retain|Snapshot/.test(`${at(resource, 'DeletionPolicy')}${at(resource, 'UpdateReplacePolicy')}`),
    );
    expect(kept).toEqual([]);
    expect(
      ofType(trial, 'DynamoDB::Table').map(([, table]) => at(table, 'Properties.DeletionProtectionEnabled')),
    ).toEqual([false]);
    expect(ofType(trial, 'KMS::Key').map(([, key]) => at(key, 'Properties.PendingWindowInDays'))).toEqual([7]);
  });

  it('empties every bucket that it has, before the bucket or its policy is deleted', () => {
    const [resource, ...more] = emptying(trial);
    expect(more).toEqual([]);
    expect(listOf(at(resource, 'Properties.Buckets')).map(target).sort()).toEqual(ids('S3::Bucket').sort());
    expect(listOf(at(resource, 'DependsOn'))).toEqual(expect.arrayContaining(ids('S3::BucketPolicy')));
  });

  it.each([
    {
      how: 'is told so itself',
      keep: ({ platform }: CdpStack) => platform.lake.bucket.applyRemovalPolicy(RemovalPolicy.RETAIN),
    },
    {
      how: 'is told so by an aspect',
      keep: ({ platform }: CdpStack) => RemovalPolicies.of(platform.lake.bucket).retain(),
    },
    {
      how: 'stays where an update takes it',
      keep: ({ platform }: CdpStack) =>
        platform.lake.bucket.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE),
    },
  ])('never empties a bucket that is kept: one that $how', ({ keep }) => {
    const { Kept } = synthesized((app) =>
      keep(new CdpStack(app, 'Kept', { config, removalPolicy: RemovalPolicy.DESTROY })),
    );
    const template = Kept ?? { Resources: {} };
    const kept = ofType(template, 'S3::Bucket').filter(([, bucket]) =>
      /Retain/.test(`${at(bucket, 'DeletionPolicy')}`),
    );
    const emptied = listOf(at(emptying(template)[0], 'Properties.Buckets')).map(target);
    expect(kept).toHaveLength(1);
    expect(emptied).toHaveLength(2);
    expect(emptied).not.toContain(kept[0]?.[0]);
  });

  it('may do to its buckets what emptying takes, and no more', () => {
    const [role = ''] = ids('IAM::Role').filter((id) => /EmptyRole/.test(id));
    const mine = statements(trial, 'IAM::Policy').filter(({ id }) => id === role);
    expect(mine.flatMap(({ actions }) => actions).sort()).toEqual(
      [
        'cloudformation:DescribeStacks',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        's3:DeleteObject',
        's3:DeleteObjectVersion',
        's3:GetBucketPolicy',
        's3:ListBucketVersions',
        's3:PutBucketPolicy',
      ].sort(),
    );
  });

  it('has no finding', () => expect(findings).toEqual([]));
});

/** All of it but what empties its buckets, which may do what nothing else may. */
const withoutEmptying = (): Template => ({
  Resources: Object.fromEntries(Object.entries(trial.Resources).filter(([id]) => !/^PlatformEmptied/.test(id))),
});

describe('the functions of a trial', () => testRules(functionRules, withoutEmptying));
describe('the permissions of a trial', () => testRules(permissionRules, withoutEmptying));
describe('the retries of a trial', () => testRules(retryRules, withoutEmptying));
describe('partitions', () => testRules(partitionRules, () => trial));

it('nothing can empty the buckets of a deployment that keeps its data', () => {
  expect(emptying(shipped())).toEqual([]);
  expect(JSON.stringify(shipped())).not.toMatch(/s3:(DeleteObjectVersion|PutBucketPolicy)/);
});
