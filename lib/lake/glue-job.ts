import { join } from 'node:path';
import { Aws, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnJob, type CfnSecurityConfiguration } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { usualRetention } from '../blocks/log-retention.ts';
import { zipOfWheels } from './job-packages.ts';
import type { JobSize } from './job-settings.ts';
import { glueScripts } from './lake-rules.ts';

/** The script, packages, permissions and size of one job. */
export interface GlueJobProps extends Required<JobSize> {
  /** File below `glue-scripts/jobs/`, without its extension. */
  readonly script: string;
  readonly description: string;
  /** The job's own arguments, e.g. `{ '--database': 'shop' }`. */
  readonly arguments: Readonly<Record<string, string>>;
  /** Spark settings. */
  readonly spark: Readonly<Record<string, string>>;
  /** Packages and files that all jobs share. */
  readonly packages: Asset;
  readonly files: readonly Asset[];
  readonly security: CfnSecurityConfiguration;
  /** Key that encrypts the job's logs. */
  readonly encryptionKey: IKey;
  /** Names of Python packages that Glue lacks. */
  readonly wheels: readonly string[];
  /** Name of the connection that says where in a VPC it runs. @default - Outside any */
  readonly connection?: string;
}

/** What all jobs share. */
export type JobParts = Pick<GlueJobProps, 'packages' | 'files' | 'security' | 'encryptionKey' | 'arguments' | 'spark'>;

/**
 * A PySpark job on Iceberg with its own role. It runs once at a time, Glue retries it once, and a repeated run gives
 * the same tables.
 */
export class GlueJob extends Construct {
  readonly job: CfnJob;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: GlueJobProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('glue.amazonaws.com') });
    const script = new Asset(this, 'Script', { path: join(glueScripts, 'jobs', `${props.script}.py`) });
    const wheels = props.wheels.length === 0 ? undefined : zipOfWheels(this, props.wheels);
    this.allowReading([
      ...[script, props.packages, ...props.files].map(
        ({ s3BucketName, s3ObjectKey }) => `${s3BucketName}/${s3ObjectKey}`,
      ),
      ...(wheels === undefined ? [] : [`${wheels.bucketName}/${wheels.objectKey}`]),
    ]);
    const logPrefix = `/${Stack.of(this).stackName}/jobs/${props.script}`;
    const logs = this.logsBelow(logPrefix, props);
    this.job = new CfnJob(this, 'Job', {
      description: props.description,
      role: this.role.roleArn,
      command: { name: 'glueetl', pythonVersion: '3', scriptLocation: script.s3ObjectUrl },
      glueVersion: '5.1',
      workerType: props.workerType,
      numberOfWorkers: props.workers,
      executionProperty: { maxConcurrentRuns: 1 },
      maxRetries: 1,
      timeout: props.timeout.toMinutes(),
      securityConfiguration: props.security.ref,
      ...(props.connection !== undefined && { connections: { connections: [props.connection] } }),
      defaultArguments: {
        '--datalake-formats': 'iceberg',
        '--extra-py-files': props.packages.s3ObjectUrl,
        ...(props.files.length > 0 && {
          '--extra-files': Fn.join(
            ',',
            props.files.map(({ s3ObjectUrl }) => s3ObjectUrl),
          ),
        }),
        ...(wheels !== undefined && {
          '--additional-python-modules': wheels.s3ObjectUrl,
          // pip uses no index, and installs only the listed packages without their dependencies.
          '--python-modules-installer-option': '--no-index --no-deps',
        }),
        '--conf': Object.entries(props.spark)
          .map(([name, value]) => `${name}=${value}`)
          .join(' --conf '),
        '--job-bookmark-option': 'job-bookmark-disable',
        '--custom-logGroup-prefix': logPrefix,
        ...props.arguments,
      },
    });
    this.job.node.addDependency(this.role.node.findChild('DefaultPolicy'), ...logs);
  }

  /** Lets the job read, make and extend tables of a database. */
  allowTables(database: string, tables: readonly string[]): void {
    const arn = (resource: string) => `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:CreateTable', 'glue:UpdateTable'],
        resources: [
          arn('catalog'),
          arn(`database/${database}`),
          ...tables.map((table) => arn(`table/${database}/${table}`)),
        ],
      }),
    );
  }

  /** Lets the job publish metrics in one CloudWatch namespace. */
  allowCounting(namespace: string): void {
    const conditions = { StringEquals: { 'cloudwatch:namespace': namespace } };
    this.role.addToPolicy(new PolicyStatement({ actions: ['cloudwatch:PutMetricData'], resources: ['*'], conditions }));
  }

  private allowReading(objects: readonly string[]): void {
    const resources = objects.map((object) => `arn:${Aws.PARTITION}:s3:::${object}`);
    this.role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources }));
  }

  /**
   * Log groups for the job's output and for Spark, under the names that Glue uses. Glue would make them without
   * retention.
   */
  private logsBelow(prefix: string, { security, encryptionKey }: GlueJobProps): LogGroup[] {
    const groups = ['output', 'error'].map(
      (kind) =>
        new LogGroup(this, `${kind === 'output' ? 'Output' : 'Error'}Logs`, {
          logGroupName: `${prefix}/${security.ref}-role/${this.role.roleName}/${kind}`,
          retention: usualRetention,
          encryptionKey,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
    );
    this.role.addToPolicy(
      new PolicyStatement({
        // Glue describes the group and its key although both exist.
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:AssociateKmsKey'],
        resources: groups.map(({ logGroupArn }) => logGroupArn),
      }),
    );
    return groups;
  }
}
