import { Aws, Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnPrincipalPermissions } from 'aws-cdk-lib/aws-lakeformation';
import { Construct } from 'constructs';
import type { JobName } from '../../lambdas/core/contract/jobs.ts';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import type { Pulls } from '../ingestion/pulls.ts';
import type { GlueJob } from '../lake/glue-job.ts';

/** Principals that may read the lake's tables through Lake Formation, in addition to the platform's jobs. */
export interface LakeFormationProps {
  /** ARNs of roles and users that query the tables. They also need the platform's managed policy. @default - Nobody */
  readonly analysts?: readonly string[];
}

/** What Lake Formation grants, and to whom. */
export interface LakeGrantsProps extends LakeFormationProps {
  /** Reference of the Glue database. */
  readonly database: string;
  /** The jobs of the lake and of sources, and the function, that make and change tables. */
  readonly jobs: ReadonlyMap<JobName, GlueJob>;
  readonly pulls: Pulls | undefined;
  readonly make: { readonly role?: IRole };
}

const principal = /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/;
const example = '"arn:aws:iam::<account>:role/Analysts"';

/** `true` means the jobs alone; undefined means that IAM alone decides. */
export function analystsOf(given: boolean | LakeFormationProps | undefined): LakeFormationProps | undefined {
  if (typeof given === 'object') return given;
  return given ? {} : undefined;
}

/** Faults of principals that Lake Formation would refuse during a deployment. */
export const analystFlaws = (given: boolean | LakeFormationProps | undefined): string[] =>
  (analystsOf(given)?.analysts ?? []).flatMap((arn, index, all) => {
    const path = `lakeFormation.analysts[${index}]`;
    // Lake Formation refuses to make the same grant twice.
    if (all.indexOf(arn) < index) return [`${path}: must be listed once; "${arn}" is listed twice`];
    if (Token.isUnresolved(arn) || principal.test(arn)) return [];
    return [`${path}: must be the ARN of a role or a user, e.g. ${example}; got "${arn}"`];
  });

const work = { database: ['DESCRIBE', 'CREATE_TABLE'], tables: ['DESCRIBE', 'SELECT', 'INSERT', 'DELETE', 'ALTER'] };
const query = { database: ['DESCRIBE'], tables: ['DESCRIBE', 'SELECT'] };

/**
 * Grants on the database and all its tables, for accounts where Lake Formation decides in addition to IAM. Whoever
 * deploys must be a Lake Formation administrator.
 */
export class LakeGrants extends Construct {
  constructor(scope: Construct, id: string, { database, jobs, pulls, make, analysts = [] }: LakeGrantsProps) {
    super(scope, id);
    for (const [name, { role }] of jobs) this.grant(pascalCase(name), role.roleArn, database, work);
    for (const [source, { job }] of pulls?.bySource ?? [])
      this.grant(`Pull${pascalCase(source)}`, job.role.roleArn, database, work);
    if (make.role !== undefined) this.grant('Make', make.role.roleArn, database, work);
    for (const [index, arn] of analysts.entries()) this.grant(`Analyst${index + 1}`, arn, database, query);
  }

  private grant(
    name: string,
    dataLakePrincipalIdentifier: string,
    databaseName: string,
    { database, tables }: typeof work,
  ): void {
    const catalogId = Aws.ACCOUNT_ID;
    const to = { principal: { dataLakePrincipalIdentifier }, permissionsWithGrantOption: [] };
    new CfnPrincipalPermissions(this, `${name}Database`, {
      ...to,
      resource: { database: { catalogId, name: databaseName } },
      permissions: database,
    });
    new CfnPrincipalPermissions(this, `${name}Tables`, {
      ...to,
      // The wildcard includes tables that jobs or later versions make.
      resource: { table: { catalogId, databaseName, tableWildcard: {} } },
      permissions: tables,
    });
  }
}
