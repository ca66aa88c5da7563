import { Stack } from 'aws-cdk-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import type { LakeFormationProps } from '../../../lib/analytics/lake-formation.ts';
import { CustomerDataPlatform } from '../../../lib/platform/customer-data-platform.ts';
import type { Rule } from '../rules/rule.ts';
import { testRules } from '../rules/rule.ts';
import { at, listOf, ofType, type Template, target } from '../rules/template.ts';
import { shipped } from '../shipped.ts';
import { scratchApp, synthesized } from '../unbundled.ts';

const analysts = ['arn:aws:iam::123456789012:role/Analysts', 'arn:aws:iam::123456789012:user/bi/tool'];
const lakeFormation: LakeFormationProps = { analysts };

let template: Template;
beforeAll(() => {
  const made = synthesized(
    (app) => new CustomerDataPlatform(new Stack(app, 'Shop'), 'Platform', { config, lakeFormation }),
  );
  template = made.Shop ?? { Resources: {} };
});

interface Grant {
  readonly who: unknown;
  readonly on: 'database' | 'tables';
  readonly permissions: unknown;
}

const grants = (from: Template): Grant[] =>
  ofType(from, 'LakeFormation::PrincipalPermissions').map(([, { Properties = {} }]) => ({
    who: at(Properties, 'Principal.DataLakePrincipalIdentifier'),
    on: at(Properties, 'Resource.Table.TableWildcard') === undefined ? 'database' : 'tables',
    permissions: Properties.Permissions,
  }));

const mayMake = (resource: unknown): boolean => JSON.stringify(resource).includes('"glue:CreateTable"');

/** Roles that may make tables, by their own statements or by a policy beside them. */
const makers = (from: Template): string[] =>
  [
    ...ofType(from, 'IAM::Policy').flatMap(([, policy]) =>
      mayMake(policy) ? [target(at(policy, 'Properties.Roles.0')) ?? ''] : [],
    ),
    ...ofType(from, 'IAM::Role').flatMap(([id, role]) => (mayMake(role) ? [id] : [])),
  ].sort();

const granted = (from: Template, on: Grant['on'], permission: string): string[] =>
  grants(from)
    .filter((grant) => grant.on === on && listOf(grant.permissions).includes(permission))
    .flatMap(({ who }) => target(who) ?? [])
    .sort();

const rules: readonly Rule[] = [
  {
    name: 'who may make tables by IAM may by Lake Formation, and nobody else',
    breaches: (from) => {
      const wrong = [granted(from, 'database', 'CREATE_TABLE'), granted(from, 'tables', 'ALTER')].filter(
        (roles) => JSON.stringify(roles) !== JSON.stringify(makers(from)),
      );
      return wrong.map((roles) => JSON.stringify(roles));
    },
    spoil: (from) => {
      const [id = ''] = ofType(from, 'LakeFormation::PrincipalPermissions')[0] ?? [];
      Reflect.deleteProperty(from.Resources, id);
    },
  },
  {
    name: 'analysts may see the database and read its tables, and no more',
    breaches: (from) => {
      const wanted = analysts.flatMap((who) => [
        { who, on: 'database', permissions: ['DESCRIBE'] },
        { who, on: 'tables', permissions: ['DESCRIBE', 'SELECT'] },
      ]);
      const found = grants(from).filter(({ who }) => typeof who === 'string');
      return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [JSON.stringify(found)];
    },
    spoil: (from) => {
      const [, grant] = ofType(from, 'LakeFormation::PrincipalPermissions').at(-1) ?? [];
      (at(grant, 'Properties.Permissions') as string[]).push('DROP');
    },
  },
  {
    name: 'nobody may grant on, and every grant is on the platform’s own database',
    breaches: (from) =>
      ofType(from, 'LakeFormation::PrincipalPermissions')
        .filter(([, { Properties = {} }]) => {
          const database = target(
            at(Properties, 'Resource.Database.Name') ?? at(Properties, 'Resource.Table.DatabaseName'),
          );
          return (
            listOf(Properties.PermissionsWithGrantOption).length > 0 ||
            from.Resources[database ?? '']?.Type !== 'AWS::Glue::Database'
          );
        })
        .map(([id]) => id),
    spoil: (from) => {
      const [, grant] = ofType(from, 'LakeFormation::PrincipalPermissions')[0] ?? [];
      Object.assign(grant?.Properties ?? {}, { PermissionsWithGrantOption: ['DESCRIBE'] });
    },
  },
  {
    name: 'tables are made when the grants are there',
    breaches: (from) => {
      const [, made] =
        ofType(from, 'CloudFormation::CustomResource').concat(
          Object.entries(from.Resources).filter(([, { Type }]) => Type === 'Custom::LakeTables'),
        )[0] ?? [];
      const waits = listOf(at(made, 'DependsOn'));
      return ofType(from, 'LakeFormation::PrincipalPermissions').flatMap(([id]) => (waits.includes(id) ? [] : [id]));
    },
    spoil: (from) => {
      for (const [, resource] of Object.entries(from.Resources))
        if (resource.Type === 'Custom::LakeTables') Object.assign(resource, { DependsOn: [] });
    },
  },
];

describe('with lakeFormation', () => {
  testRules(rules, () => template);

  it('analysts may fetch credentials from it', () =>
    expect(JSON.stringify(ofType(template, 'IAM::ManagedPolicy'))).toContain('lakeformation:GetDataAccess'));
});

describe('with lakeFormation: true', () => {
  it('the jobs have theirs and no analyst any', () => {
    const made = synthesized(
      (app) => new CustomerDataPlatform(new Stack(app, 'Shop'), 'Platform', { config, lakeFormation: true }),
    ).Shop;
    expect(grants(made ?? template)).toEqual(grants(template).filter(({ who }) => typeof who !== 'string'));
  });
});

describe('without it', () => {
  it('there is nothing of it in the template', () => expect(JSON.stringify(shipped())).not.toMatch(/lakeformation/i));
});

describe('analysts that Lake Formation would refuse', () => {
  it.each([
    'Analysts',
    'role/Analysts',
    'arn:aws:iam::12:role/Analysts',
    'arn:aws:sts::123456789012:assumed-role/Analysts/me',
    'arn:aws:iam::123456789012:role/',
    '*',
    '',
  ])('%s is refused before anything is made', (arn) => {
    const made = () =>
      new CustomerDataPlatform(new Stack(scratchApp(), 'Shop'), 'Platform', {
        config,
        lakeFormation: { analysts: [analysts[0] ?? '', arn] },
      });
    expect(made).toThrow(
      `lakeFormation.analysts[1]: must be the ARN of a role or a user, e.g. "arn:aws:iam::<account>:role/Analysts"; got "${arn}"`,
    );
  });
});
