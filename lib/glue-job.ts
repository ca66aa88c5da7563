import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aws, Fn } from 'aws-cdk-lib';
import { CfnJob, type CfnSecurityConfiguration } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { JobSize } from './job-settings.ts';
import { glueScripts } from './lake-rules.ts';

/** What one job runs and is told. */
export interface GlueJobProps extends Required<JobSize> {
  /** File below `glue-scripts/jobs/` without its ending. */
  readonly script: string;
  readonly description: string;
  /** The job's own arguments, e.g. `{ '--database': 'shop' }`. */
  readonly arguments: Readonly<Record<string, string>>;
  /** Settings of Spark. */
  readonly spark: Readonly<Record<string, string>>;
  /** Packages and files that jobs share. */
  readonly packages: Asset;
  readonly files: readonly Asset[];
  readonly security: CfnSecurityConfiguration;
  /** File below `glue-scripts/` with packages that this job needs besides those of all jobs. @default - None. */
  readonly modules?: string;
}

/** Packages that Glue does not bring, each with its version. */
const listedIn = (file: string): string[] =>
  readFileSync(join(glueScripts, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

/** A PySpark job on Iceberg with a role of its own: one run at a time, retried once, and run again it gives the same tables. */
export class GlueJob extends Construct {
  readonly job: CfnJob;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: GlueJobProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('glue.amazonaws.com') });
    const script = new Asset(this, 'Script', { path: join(glueScripts, 'jobs', `${props.script}.py`) });
    const assets = [script, props.packages, ...props.files];
    this.allowReading(assets);
    this.allowTelling();
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
      defaultArguments: {
        '--datalake-formats': 'iceberg',
        '--extra-py-files': props.packages.s3ObjectUrl,
        ...(props.files.length > 0 && {
          '--extra-files': Fn.join(
            ',',
            props.files.map(({ s3ObjectUrl }) => s3ObjectUrl),
          ),
        }),
        '--additional-python-modules': [...listedIn('requirements.txt'), ...(props.modules === undefined ? [] : listedIn(props.modules))].join(','),
        // Such a file lists all that is needed; what its packages ask for besides is not wanted.
        ...(props.modules !== undefined && { '--python-modules-installer-option': '--no-deps' }),
        '--conf': Object.entries(props.spark)
          .map(([name, value]) => `${name}=${value}`)
          .join(' --conf '),
        '--job-bookmark-option': 'job-bookmark-disable',
        ...props.arguments,
      },
    });
    this.job.node.addDependency(this.role.node.findChild('DefaultPolicy'));
  }

  /** Lets the job count in a namespace of CloudWatch. */
  allowCounting(namespace: string): void {
    const conditions = { StringEquals: { 'cloudwatch:namespace': namespace } };
    this.role.addToPolicy(new PolicyStatement({ actions: ['cloudwatch:PutMetricData'], resources: ['*'], conditions }));
  }

  private allowReading(assets: readonly Asset[]): void {
    const resources = assets.map(({ s3BucketName, s3ObjectKey }) => `arn:${Aws.PARTITION}:s3:::${s3BucketName}/${s3ObjectKey}`);
    this.role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources }));
  }

  /** Logs, in groups that Glue names by the security configuration and the role. Metrics of Glue there are none, for the scripts make no GlueContext. */
  private allowTelling(): void {
    const groups = `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:/aws-glue/jobs/*`;
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:AssociateKmsKey'],
        resources: [groups],
      }),
    );
  }
}
