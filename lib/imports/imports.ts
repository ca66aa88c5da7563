import { Aws, CfnOutput, Duration, NestedStack, type RemovalPolicy } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { mayErase } from '../../lambdas/core/config/declared-records.ts';
import { env } from '../../lambdas/core/contract/environment.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { importPrefix, lakePrefix } from '../../lambdas/core/contract/storage.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import { closedQueues, letRuleIn } from '../blocks/queue-doors.ts';
import type { Ingest } from '../ingestion/ingest.ts';
import type { GlueJob } from '../lake/glue-job.ts';
import type { Batch } from '../lake/jobs.ts';
import type { Lake } from '../lake/lake.ts';
import type { Profiles } from '../profiles/profiles.ts';

/** Where rows come from and go, and how much of the stream they may use. */
export interface ImportsProps {
  readonly config: string;
  /** The configuration that `config` has as text. */
  readonly decided: Pick<CdpConfig, 'sources'>;
  readonly encryption: Encryption;
  readonly lake: Lake;
  readonly profiles: Profiles;
  readonly events: Stream;
  readonly ingest: Pick<Ingest, 'shards'>;
  /** The jobs. It starts those that rows wait for. */
  readonly batch: Pick<Batch, 'jobs' | 'database'>;
  /** Percent of the stream that all imports together use at most. @default 50 */
  readonly share?: number | undefined;
  readonly removalPolicy: RemovalPolicy;
}

/** Makes it if a source has rows in the lake's bucket. */
export const importsOf = (scope: Construct, id: string, props: ImportsProps): Imports | undefined =>
  props.decided.sources.some(
    (source) =>
      'objects' in source && (source.kind !== 'kafka' || source.objects.some(({ rows }) => rows === 'records')),
  )
    ? new Imports(scope, id, props)
    : undefined;

/** A file of 256 MB is read twice. */
const timeout = Duration.minutes(15);
/** The longest that SQS keeps a message. */
const retentionPeriod = Duration.days(14);
/** Tries of an object: the function hides its message for longer each time, up to a quarter of an hour. */
const maxReceiveCount = 100;
/** Shards whose share of imports one function sends. More functions would wait for each other, and cost the time. */
const shardsOfOne = 4;
/** Bytes a second that a shard takes; a new on-demand stream takes as much as four. */
const shardBytes = 1_000_000;
const onDemandShards = 4;

/** Bytes a second that all imports together may send. */
export const importBytesPerSecond = ({ ingest, share = 50 }: Pick<ImportsProps, 'ingest' | 'share'>): number =>
  Math.ceil(((ingest.shards || onDemandShards) * shardBytes * share) / 100);

/** Objects that are sent at the same time: at least as many as Lambda allows. */
export const objectsAtOnce = ({ ingest }: Pick<ImportsProps, 'ingest'>): number =>
  Math.min(5, Math.max(2, Math.ceil((ingest.shards || onDemandShards) / shardsOfOne)));

/** Prefixes of what import reads and writes in the lake's bucket. */
export const importedObjects = {
  read: [importPrefix.files, importPrefix.rows, importPrefix.staged, importPrefix.summaries],
  put: [
    importPrefix.staged,
    importPrefix.rows,
    importPrefix.summaries,
    importPrefix.stagedFiles,
    lakePrefix.quarantine,
  ],
} as const;

/**
 * Sends rows of files, databases and APIs: S3 tells of each object below `imports/`, and a function takes one after the
 * other from a queue. It is a nested stack, because a template holds 500 resources.
 */
export class Imports extends NestedStack {
  readonly take: HandlerFunction;
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: ImportsProps) {
    super(scope, id, { description: 'Imports of the customer data platform' });
    const { config, encryption, lake, profiles, events, removalPolicy } = props;
    const encrypted = { encryption: QueueEncryption.KMS, encryptionMasterKey: encryption.key };
    this.deadLetters = new Queue(this, 'DeadLetters', { ...encrypted, retentionPeriod, removalPolicy });
    this.queue = new Queue(this, 'Queue', {
      ...encrypted,
      visibilityTimeout: Duration.seconds(timeout.toSeconds() * 6),
      retentionPeriod,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    });
    this.listen(lake);
    this.take = new HandlerFunction(this, 'Take', {
      handler: 'import',
      config,
      encryptionKey: encryption.key,
      timeout,
      memorySize: 1769,
      environment: {
        [env.profileTable]: profiles.table.tableName,
        [env.eventStream]: events.streamName,
        [env.lakeBucket]: lake.bucket.bucketName,
        [env.lakeDatabase]: props.batch.database.ref,
        [env.importQueue]: this.queue.queueUrl,
        [env.importBytesPerSecond]: String(importBytesPerSecond(props)),
      },
    });
    this.take.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 1,
        maxConcurrency: objectsAtOnce(props),
        reportBatchItemFailures: true,
      }),
    );
    events.grant(this.take, 'kinesis:PutRecords');
    encryption.grantRead(this.take);
    encryption.grantWrite(this.take);
    profiles.grantImportLedger(this.take, mayErase(props.decided));
    lake.bucket.grantObjects(this.take, importedObjects);
    this.mayStart(env.recordsJob, props.batch.jobs.get('records'));
    this.mayStart(env.importFilesJob, props.batch.jobs.get('files'));
    new CfnOutput(this, output.importQueue, { value: this.queue.queueUrl, description: 'Queue of what is imported' });
    const description = 'Queue of what could not be imported';
    new CfnOutput(this, output.importDeadLetters, { value: this.deadLetters.queueUrl, description });
  }

  private mayStart(variable: string, started: GlueJob | undefined): void {
    if (started === undefined) return;
    const { stack } = this.take;
    this.take.addEnvironment(variable, started.job.ref);
    const resources = [stack.formatArn({ service: 'glue', resource: 'job', resourceName: started.job.ref })];
    this.take.addToRolePolicy(new PolicyStatement({ actions: ['glue:StartJobRun'], resources }));
  }

  /** Puts what S3 tells of new objects into the queue. */
  private listen(lake: Lake): void {
    lake.bucket.tellOfObjects();
    const keys = [
      { prefix: importPrefix.files },
      { prefix: importPrefix.staged },
      { wildcard: `${importPrefix.rows}*/manifest.json` },
    ];
    const rule = new Rule(this, 'Rule', {
      eventPattern: {
        source: ['aws.s3'],
        account: [Aws.ACCOUNT_ID],
        detailType: ['Object Created'],
        detail: { bucket: { name: [lake.bucket.bucketName] }, object: { key: keys } },
      },
      targets: [{ bind: () => ({ arn: this.queue.queueArn, deadLetterConfig: { arn: this.deadLetters.queueArn } }) }],
    });
    letRuleIn(closedQueues(this, 'QueuePolicy', [this.queue, this.deadLetters]), rule.ruleArn);
  }
}
