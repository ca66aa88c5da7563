import type { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { CdpConfigInput } from '../../lambdas/core/config/config.ts';
import type { LakeFormationProps } from '../analytics/lake-formation.ts';
import type { DeliverSize, FunctionSize, StitchSize, TableCapacity } from '../blocks/capacity-props.ts';
import type { JobsProps } from '../lake/job-settings.ts';

/** Decisions of the team that deploys the platform. */
export interface CustomerDataPlatformProps {
  /** Sources, identity rules, segments and destinations. */
  readonly config: CdpConfigInput;
  /**
   * Whether customer data outlives the stack. By default data stays when the stack is deleted, and only a failed first
   * deployment removes what it made. `DESTROY` is for trials: the stack deletes everything, including filled buckets.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Shards of the event stream, 1 MB/s each; 0 makes the stream on-demand. One deployment can at most double or halve
   * them, ten times in 24 hours. A stream can change to on-demand and back only twice in 24 hours. @default 1
   */
  readonly shards?: number;
  /**
   * Time that accepted events stay readable on the event stream, 1 to 365 days. Stitching gives up an event one hour
   * before the end, and after 7 days at the latest. @default Duration.days(1)
   */
  readonly eventRetention?: Duration;
  /**
   * Percent of the event stream that rows of files, databases and APIs use at most, 1 to 100. More ends an import
   * sooner, and leaves clients less room. @default 50
   */
  readonly importShare?: number;
  /** Time that events gather before stitching folds them into profiles. @default Duration.seconds(5) */
  readonly batchingWindow?: Duration;
  /** Time that the lake keeps raw and quarantined events. @default Duration.days(21) */
  readonly rawRetention?: Duration;
  /** Time for which the profile table can be restored to any second, 1 to 35 days. @default Duration.days(14) */
  readonly recoveryWindow?: Duration;
  /** Requests a second that the HTTP API accepts before it answers 429. @default 1000 */
  readonly requestsPerSecond?: number;
  /** Calls a second that the profile API accepts before it answers 429. @default 100 */
  readonly profileCallsPerSecond?: number;
  /**
   * Start of the lake's jobs, which run one after the other: a cron expression of Glue, UTC. The default is every six
   * hours. @default 'cron(15 0/6 * * ? *)'
   */
  readonly batchSchedule?: string;
  /**
   * Workers, worker type and time limit of each job, by its name or of `all`. `matches`, `marts` and `maintain` can
   * have a `schedule` of their own. @default - 2 workers of G.1X, two hours
   */
  readonly jobs?: JobsProps;
  /**
   * Grants tables to the jobs and to named analysts, in an account where Lake Formation controls tables. Whoever
   * deploys must be a Lake Formation administrator. @default false
   */
  readonly lakeFormation?: boolean | LakeFormationProps;
  /**
   * Start of the profile table's export, which a job compares with the lake: a cron expression, UTC, at least 15
   * minutes before the jobs. The default is every night. `'off'` exports only on command. @default 'cron(15 23 * * ?
   * *)'
   */
  readonly exportSchedule?: string;
  /** Bytes that one query of an analyst can scan before Athena ends it. @default Size.gibibytes(100) */
  readonly scanLimit?: Size;
  /**
   * E-mail address that receives alarms, after it confirmed a mail from SNS.
   * @default - Nobody, unless `alarmTopic` is set; the synthesis warns
   */
  readonly alarmEmail?: string;
  /**
   * SNS topic of your own that receives alarms. Its policy, and the policy of its key if the key is yours, must allow
   * CloudWatch and EventBridge. @default - A new topic, encrypted with the platform's key
   */
  readonly alarmTopic?: ITopic;
  /** Size of the function that accepts events. @default - 512 MB, concurrency shared with the account */
  readonly collect?: FunctionSize;
  /** Size of the function that folds events into profiles. @default - 1,024 MB, one batch of a shard at a time */
  readonly stitch?: StitchSize;
  /**
   * Size of each destination's function. @default - 512 MB, ten executions at once, concurrency shared with the account
   */
  readonly deliver?: DeliverSize;
  /**
   * Profiles a second that change by themselves at most, 1 to 32,000: their windows run out, or their dates come. More
   * ends a crowd at midnight sooner. Each takes about one write of the table and two of its index. @default 2000
   */
  readonly wakesPerSecond?: number;
  /** Capacity of the profile table. @default - On demand, with the throughput that DynamoDB gives a new table */
  readonly table?: TableCapacity;
  /**
   * Whether to make a dashboard in CloudWatch: the way of events, and each destination's deliveries. One for every 80
   * destinations; CloudWatch bills $3 a month for each beyond an account's first three. @default false
   */
  readonly dashboard?: boolean;
  /** Time that every log group of the platform keeps a line. @default RetentionDays.TWO_WEEKS */
  readonly logRetention?: RetentionDays;
}
