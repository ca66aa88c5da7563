import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { CfnTrigger } from 'aws-cdk-lib/aws-glue';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import {
  type DatabaseSource,
  databasesIn,
  type PulledSource,
  pullJob,
  pullsIn,
  scheduleOf,
} from '../../lambdas/core/config/pull-jobs.ts';
import { lakeMetric, metricNamespace } from '../../lambdas/core/contract/metrics.ts';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import { importPrefix, lakePrefix } from '../../lambdas/core/contract/storage.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { fileHolding } from '../blocks/text-file.ts';
import { GlueJob } from '../lake/glue-job.ts';
import { loadsCounted } from '../lake/job-kinds.ts';
import { InvalidJobs, scheduleFlaws } from '../lake/job-settings.ts';
import type { Batch } from '../lake/jobs.ts';
import type { Lake } from '../lake/lake.ts';
import { databaseJob } from './databases.ts';

/** What the jobs that read APIs and databases work with. */
export interface PullsProps {
  readonly config: CdpConfig;
  readonly encryption: Encryption;
  readonly lake: Lake;
  readonly batch: Batch;
  readonly removalPolicy: RemovalPolicy;
}

/** The job that reads one API or one database, and when it starts. */
export interface SourcePull {
  readonly job: GlueJob;
  /** The secret of an API. A database has one of its own. */
  readonly secret?: Secret;
  /** Undefined if only somebody starts it. */
  readonly schedule: string | undefined;
}

/** Python packages that the job imports and Glue lacks. */
export const pullPackages: readonly string[] = [
  'croniter',
  'dlt',
  'giturlparse',
  'humanize',
  'jsonpath-ng',
  'pathvalidate',
  'pendulum',
  'pyyaml',
  'semver',
  'sqlglot',
  'tomlkit',
];

/** Makes a job count its end, what came, what failed, and the loads that somebody must decide about. */
const counted = {
  '--ended-metric': `${metricNamespace}/${lakeMetric.ended}`,
  '--asking-metric': `${metricNamespace}/${lakeMetric.asking}`,
  ...loadsCounted,
};

/** Where the job of one source writes, besides tables. */
export const ownPrefixes = (source: string): string[] =>
  [importPrefix.rows, importPrefix.staged, importPrefix.states, lakePrefix.pulls].map((each) => `${each}${source}/`);

/** A job for each source whose API or database is read: it reads no other's secret, and runs once at a time. */
export class Pulls extends Construct {
  /** By the source's id. */
  readonly bySource: ReadonlyMap<string, SourcePull>;

  constructor(scope: Construct, id: string, props: PullsProps) {
    super(scope, id);
    const apis = pullsIn(props.config.sources);
    const databases = databasesIn(props.config.sources);
    const flaws = [...apis, ...databases].flatMap((source) =>
      scheduleFlaws(`sources.${source.id}.schedule`, scheduleOf(source)),
    );
    if (flaws.length > 0) throw new InvalidJobs(flaws);
    this.bySource = new Map([
      ...apis.map((source) => [source.id, this.pull(source, props)] as const),
      ...databases.map((source) => [source.id, this.read(source, props)] as const),
    ]);
  }

  private pull(source: PulledSource, { config, encryption, lake, batch, removalPolicy }: PullsProps): SourcePull {
    const name = pascalCase(source.id);
    const secret = new Secret(this, `${name}Secret`, {
      description: `What the API of the source ${source.id} asks for`,
      encryptionKey: encryption.key,
      // A secret must not be empty, nor in a template: it starts with a random text that nothing reads.
      generateSecretString: { secretStringTemplate: JSON.stringify({}), generateStringKey: 'unused' },
      removalPolicy,
    });
    const told = new Asset(this, `${name}Config`, { path: fileHolding(pullJob(source, config.egress)) });
    const job = new GlueJob(this, name, {
      ...batch.parts,
      workers: 2,
      workerType: 'G.1X',
      timeout: Duration.hours(8),
      script: 'pull_api',
      description: `Reads the API of the source ${source.id}`,
      files: [told],
      wheels: pullPackages,
      arguments: {
        ...batch.parts.arguments,
        '--config': told.s3ObjectKey,
        '--secret': secret.secretArn,
        ...counted,
      },
    });
    this.grant(job, source.id, { encryption, lake, batch });
    encryption.grantSecret(job.role, secret);
    // A new refresh token takes the place of the old one.
    if (source.api.auth.type === 'oauth-refresh') encryption.grantSecretChange(job.role, secret);
    this.start(job, source);
    return { job, secret, schedule: scheduleOf(source) };
  }

  private read(source: DatabaseSource, { encryption, lake, batch }: PullsProps): SourcePull {
    const parts = { ...batch.parts, arguments: { ...batch.parts.arguments, ...counted } };
    const job = databaseJob(this, source, parts);
    this.grant(job, source.id, { encryption, lake, batch });
    this.start(job, source);
    return { job, schedule: scheduleOf(source) };
  }

  private start(job: GlueJob, source: PulledSource | DatabaseSource): void {
    const schedule = scheduleOf(source);
    if (schedule === undefined) return;
    const actions = [{ jobName: job.job.ref }];
    const name = `${pascalCase(source.id)}Trigger`;
    new CfnTrigger(this, name, { type: 'SCHEDULED', schedule, actions, startOnCreation: true });
  }

  private grant(job: GlueJob, source: string, given: Pick<PullsProps, 'encryption' | 'lake' | 'batch'>): void {
    const { encryption, lake, batch } = given;
    encryption.grantRead(job.role);
    encryption.grantWrite(job.role);
    for (const prefix of [...ownPrefixes(source), lakePrefix.tables]) lake.bucket.grantUnder(job.role, prefix, 'write');
    job.allowTables(batch.database.ref, ['records']);
    job.allowCounting(metricNamespace);
  }
}

/** The jobs that read APIs and databases; undefined if no source has one. */
export const pullsOf = (scope: Construct, id: string, props: PullsProps): Pulls | undefined =>
  pullsIn(props.config.sources).length + databasesIn(props.config.sources).length === 0
    ? undefined
    : new Pulls(scope, id, props);
