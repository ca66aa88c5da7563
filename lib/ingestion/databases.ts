import { Aws, Duration, Names, Stack } from 'aws-cdk-lib';
import { CfnConnection } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { type DatabaseSource, databaseJobOf } from '../../lambdas/core/config/pull-jobs.ts';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import { fileHolding } from '../blocks/text-file.ts';
import { GlueJob, type JobParts } from '../lake/glue-job.ts';

/** What Glue does to run a job in a VPC. EC2 has no resources for most of it. */
const interfaceActions = [
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeRouteTables',
  'DescribeSecurityGroups',
  'DescribeSubnets',
  'DescribeVpcAttribute',
  'DescribeVpcEndpoints',
].map((action) => `ec2:${action}`);

/** Makes the job that reads one database, where it reaches it, with the drivers that Glue brings. */
export function databaseJob(scope: Construct, source: DatabaseSource, parts: JobParts): GlueJob {
  const name = pascalCase(source.id);
  const told = new Asset(scope, `${name}Config`, { path: fileHolding(databaseJobOf(source)) });
  const connection = source.connection && networkOf(scope, name, source.connection);
  const job = new GlueJob(scope, name, {
    ...parts,
    workers: 2,
    workerType: 'G.1X',
    timeout: Duration.hours(8),
    script: 'pull_database',
    description: `Reads the database of the source ${source.id}`,
    files: [told],
    wheels: [],
    ...(connection && { connection: connection.ref }),
    arguments: {
      ...parts.arguments,
      '--config': told.s3ObjectKey,
      '--secret': source.secret,
      ...(source.driverJar !== undefined && { '--extra-jars': source.driverJar }),
    },
  });
  allowReads(job.role, source);
  if (connection !== undefined) allowNetwork(scope, job.role, connection);
  return job;
}

function networkOf(
  scope: Construct,
  name: string,
  { subnet, availabilityZone, securityGroups }: NonNullable<DatabaseSource['connection']>,
): CfnConnection {
  return new CfnConnection(scope, `${name}Connection`, {
    catalogId: Aws.ACCOUNT_ID,
    connectionInput: {
      name: `${Names.uniqueResourceName(scope, { maxLength: 100 })}${name}`,
      // Neither the database's address nor its password: whoever may read the catalog reads connections.
      connectionType: 'NETWORK',
      connectionProperties: {},
      physicalConnectionRequirements: {
        availabilityZone,
        subnetId: subnet,
        securityGroupIdList: [...securityGroups],
      },
    },
  });
}

/** The source's secret, its key, and the driver of the team's own, which are not the platform's. */
function allowReads(role: Role, { secret, secretKey, driverJar }: DatabaseSource): void {
  const allow = (action: string, resource: string) =>
    role.addToPolicy(new PolicyStatement({ actions: [action], resources: [resource] }));
  const named = `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${secret}-??????`;
  allow('secretsmanager:GetSecretValue', secret.startsWith('arn:') ? secret : named);
  if (secretKey !== undefined) allow('kms:Decrypt', secretKey);
  if (driverJar !== undefined) allow('s3:GetObject', `arn:${Aws.PARTITION}:s3:::${driverJar.slice('s3://'.length)}`);
}

function allowNetwork(scope: Construct, role: Role, connection: CfnConnection): void {
  const arn = (resource: string) => Stack.of(scope).formatArn({ service: 'glue', resource });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['glue:GetConnection'],
      resources: [arn('catalog'), arn(`connection/${connection.ref}`)],
    }),
  );
  role.addToPolicy(new PolicyStatement({ actions: interfaceActions, resources: ['*'] }));
  role.addToPolicy(
    new PolicyStatement({
      actions: ['ec2:CreateTags', 'ec2:DeleteTags'],
      resources: [Stack.of(scope).formatArn({ service: 'ec2', resource: 'network-interface', resourceName: '*' })],
      conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['aws-glue-service-resource'] } },
    }),
  );
}
