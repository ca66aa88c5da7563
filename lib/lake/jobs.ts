import { Aws, Names, type RemovalPolicy } from 'aws-cdk-lib';
import { CfnDatabase, CfnSecurityConfiguration, CfnTrigger } from 'aws-cdk-lib/aws-glue';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { jobsOf, mayAsk } from '../../lambdas/core/config/declared-records.ts';
import { isStartedApart, type JobName } from '../../lambdas/core/contract/jobs.ts';
import { lakeMetric, metricNamespace } from '../../lambdas/core/contract/metrics.ts';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import { lakePrefix } from '../../lambdas/core/contract/storage.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { keyPart } from '../blocks/own-name.ts';
import { fileHolding } from '../blocks/text-file.ts';
import { GlueJob, type JobParts } from './glue-job.ts';
import { type JobKind, jobKinds } from './job-kinds.ts';
import { endsOf, type JobSettings, type JobsProps, jobSettings } from './job-settings.ts';
import type { Lake } from './lake.ts';
import { glueScripts, jobConfig, tableNames } from './lake-rules.ts';

/** What the jobs read and write, and when they run. */
export interface BatchProps {
  readonly config: CdpConfig;
  readonly encryption: Encryption;
  readonly lake: Lake;
  readonly removalPolicy: RemovalPolicy;
  /** The stream that receives events from the jobs. */
  readonly events: Stream;
  /** What the list of barriers names identifiers by. */
  readonly identifierKey: ISecret;
  /**
   * Start of the chain of jobs: a cron expression of Glue, UTC. The default is every six hours.
   * @default 'cron(15 0/6 * * ? *)'
   */
  readonly schedule?: string;
  /** Sizes and schedules of the jobs. @default - Two workers of the smallest type each */
  readonly settings?: JobsProps;
}

/** Makes the last job of a chain count its success. */
const ended = { '--ended-metric': `${metricNamespace}/${lakeMetric.ended}` };

const catalog = 'spark.sql.catalog.lake';

/**
 * The lake's tables and the jobs that fill them, one after the other; a schedule, an operator or `npm run job` starts
 * them.
 */
export class Batch extends Construct {
  readonly database: CfnDatabase;
  readonly jobs: ReadonlyMap<JobName, GlueJob>;
  /** What every job of the lake is made with; jobs of sources are made with it, too. */
  readonly parts: JobParts;
  /** Whether a load of records may lack too much, and ask. */
  readonly mayAsk: boolean;
  /** The last job of each chain, and the chain's schedule. */
  readonly ends: ReadonlyMap<JobName, string>;

  constructor(scope: Construct, id: string, props: BatchProps) {
    super(scope, id);
    const { config, encryption, lake, removalPolicy, events, identifierKey } = props;
    const { schedule = 'cron(15 0/6 * * ? *)', settings: given } = props;
    this.mayAsk = mayAsk(config);
    const settings = jobSettings(jobsOf(config), given, schedule);
    this.ends = endsOf(settings, schedule);
    // Names in the Glue catalog are lower case.
    const name = `${Names.uniqueResourceName(this, { maxLength: 100, separator: '_' }).toLowerCase()}_${keyPart(encryption.key)}`;
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: name,
      databaseInput: { name, description: 'Tables of the customer data platform' },
    });
    // Deleting the database would delete every table's entry in the catalog, and nobody could query the files.
    this.database.applyRemovalPolicy(removalPolicy);
    const key = encryption.key.keyArn;
    const security = new CfnSecurityConfiguration(this, 'Security', {
      name: Names.uniqueResourceName(this, { maxLength: 100 }),
      encryptionConfiguration: {
        cloudWatchEncryption: { cloudWatchEncryptionMode: 'SSE-KMS', kmsKeyArn: key },
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: 'CSE-KMS', kmsKeyArn: key },
        s3Encryptions: [{ s3EncryptionMode: 'SSE-KMS', kmsKeyArn: key }],
      },
    });
    const packages = new Asset(this, 'Packages', {
      path: glueScripts,
      exclude: ['jobs', 'requirements.txt', '**/__pycache__'],
    });
    const configFile = new Asset(this, 'Config', { path: fileHolding(jobConfig(config)) });
    const { country } = config.lake.enrich;
    const files = [
      configFile,
      ...(country === undefined ? [] : [new Asset(this, 'Countries', { path: country.database })]),
    ];
    this.parts = {
      packages,
      files,
      security,
      encryptionKey: encryption.key,
      arguments: {
        '--database': this.database.ref,
        '--lake': `s3://${lake.bucket.bucketName}`,
        '--config': configFile.s3ObjectKey,
      },
      spark: {
        'spark.sql.extensions': 'org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
        [catalog]: 'org.apache.iceberg.spark.SparkCatalog',
        [`${catalog}.catalog-impl`]: 'org.apache.iceberg.aws.glue.GlueCatalog',
        [`${catalog}.io-impl`]: 'org.apache.iceberg.aws.s3.S3FileIO',
        [`${catalog}.warehouse`]: lake.bucket.s3UrlForObject(lakePrefix.tables.replace(/\/$/, '')),
        'spark.sql.session.timeZone': 'UTC',
      },
    };
    const stream = { '--stream': events.streamName };
    const { arguments: all } = this.parts;
    const asked = { '--identifier-key': identifierKey.secretArn };
    this.jobs = new Map(
      [...settings].map(([job, { workers, workerType, timeout }]) => {
        const { description, tells, asks, counts, packages: wheels } = jobKinds[job];
        const isEnd = this.ends.has(job);
        const made = new GlueJob(this, pascalCase(job), {
          ...this.parts,
          workers,
          workerType,
          timeout,
          arguments: { ...all, ...(tells && stream), ...(asks && asked), ...(isEnd && ended), ...counts },
          script: job,
          description,
          wheels,
        });
        this.grant(made, encryption, lake, jobKinds[job]);
        if (tells) events.grant(made.role, 'kinesis:PutRecords');
        if (asks) encryption.grantSecret(made.role, identifierKey);
        if (isEnd || counts) made.allowCounting(metricNamespace);
        return [job, made];
      }),
    );
    this.chain(schedule, settings);
  }

  private grant(made: GlueJob, encryption: Encryption, lake: Lake, kind: JobKind): void {
    const { reads, readsVersions, asks, lists = [], writes = [] } = kind;
    const { role } = made;
    encryption.grantRead(role);
    encryption.grantWrite(role);
    for (const prefix of reads) lake.bucket.grantUnder(role, prefix, 'read');
    for (const prefix of lists) lake.bucket.grantFolder(role, prefix);
    // With all beside it: where there is no list, the file system looks for a folder of its name.
    if (asks) lake.bucket.grantUnder(role, lakePrefix.barriers, 'read');
    if (readsVersions) lake.bucket.grantVersions(role, reads);
    for (const prefix of [...writes, lakePrefix.tables]) lake.bucket.grantUnder(role, prefix, 'write');
    made.allowTables(this.database.ref, tableNames);
  }

  /**
   * A schedule starts the first job; each further job starts after the one before it succeeded. Jobs with their own
   * schedule stay outside the chain, and those that no schedule starts.
   */
  private chain(schedule: string, settings: ReadonlyMap<JobName, JobSettings>): void {
    let before: GlueJob | undefined;
    for (const [name, made] of this.jobs) {
      if (isStartedApart(name)) continue;
      const own = settings.get(name)?.schedule;
      new CfnTrigger(this, `${pascalCase(name)}Trigger`, {
        actions: [{ jobName: made.job.ref }],
        startOnCreation: true,
        ...(own !== undefined || before === undefined
          ? { type: 'SCHEDULED', schedule: own ?? schedule }
          : afterSuccessOf(before)),
      });
      if (own === undefined) before = made;
    }
  }
}

const afterSuccessOf = ({ job }: GlueJob) => ({
  type: 'CONDITIONAL',
  predicate: { conditions: [{ logicalOperator: 'EQUALS', jobName: job.ref, state: 'SUCCEEDED' }] },
});
