import { Aws, CustomResource, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { env } from '../../lambdas/core/contract/environment.ts';
import { lakePrefix } from '../../lambdas/core/contract/storage.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import type { Lake } from './lake.ts';
import { declaredTables } from './lake-rules.ts';

/** The tables and their database. */
export interface LakeTablesProps {
  /** The configuration in the form that functions carry. */
  readonly config: string;
  readonly decided: CdpConfig;
  readonly encryption: Encryption;
  readonly lake: Lake;
  /** Reference of the Glue database with the tables. */
  readonly database: string;
  /** Last jobs of the chains; a new lake counts them as successful. */
  readonly ends: readonly string[];
}

/**
 * Makes the lake's empty tables during the deployment, so that queries and views work before the first job; the jobs
 * fill and extend the same tables.
 */
export class LakeTables extends Construct {
  readonly make: HandlerFunction;
  readonly made: CustomResource;

  constructor(scope: Construct, id: string, { config, decided, encryption, lake, database, ends }: LakeTablesProps) {
    super(scope, id);
    const tables = declaredTables(decided);
    this.make = new HandlerFunction(this, 'Make', {
      handler: 'tables',
      config,
      encryptionKey: encryption.key,
      environment: { [env.lakeBucket]: lake.bucket.bucketName, [env.lakeDatabase]: database },
      timeout: Duration.minutes(1),
    });
    encryption.grantWrite(this.make);
    lake.bucket.allowPut(this.make, [lakePrefix.tables]);
    const arn = (resource: string) => `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
    this.make.addToRolePolicy(
      new PolicyStatement({
        actions: ['glue:CreateTable', 'glue:GetTables'],
        resources: [
          arn('catalog'),
          arn(`database/${database}`),
          ...tables.map(({ name }) => arn(`table/${database}/${name}`)),
        ],
      }),
    );
    this.made = new CustomResource(this, 'Made', {
      serviceToken: this.make.functionArn,
      resourceType: 'Custom::LakeTables',
      serviceTimeout: Duration.minutes(2),
      // As text, because CloudFormation turns numbers and booleans into text. A changed text calls the function again.
      properties: { Tables: JSON.stringify(tables), Ends: JSON.stringify(ends) },
    });
  }
}
