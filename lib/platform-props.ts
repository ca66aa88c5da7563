import type { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { CdpConfigInput } from '../lambdas/core/config.ts';
import type { DeliverSize, FunctionSize, StitchSize, TableCapacity } from './capacity-props.ts';
import type { JobsProps } from './job-settings.ts';
import type { LakeFormationProps } from './lake-formation.ts';

/** What a team decides when it places the platform. */
export interface CustomerDataPlatformProps {
  /** What the deployment decides: sources, identity rules, segments, destinations. */
  readonly config: CdpConfigInput;
  /**
   * What becomes of customers' data when the stack is deleted, or its first deployment fails. `DESTROY` is for trials: everything goes with the stack, filled
   * buckets and all. @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, data outlives the stack, and a first deployment that fails leaves nothing that costs
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Shards of the event stream, each 1 MB/s; 0 lets Kinesis decide (on-demand). One deployment may at most double them and at least halve them, ten times in
   * 24 hours; to on-demand and back only twice in 24 hours. @default 1
   */
  readonly shards?: number;
  /** How long an accepted event can be read again from the event stream, from one day to 365; stitching gives up an hour before, at seven days at the latest. @default Duration.days(1) */
  readonly eventRetention?: Duration;
  /** How long events gather before they are folded into profiles. @default Duration.seconds(5) */
  readonly batchingWindow?: Duration;
  /** How long raw and quarantined events are kept. @default Duration.days(30) */
  readonly rawRetention?: Duration;
  /** Requests a second that the API takes before it answers 429. @default 1000 */
  readonly requestsPerSecond?: number;
  /** Calls a second that the profile API takes before it answers 429. @default 100 */
  readonly profileCallsPerSecond?: number;
  /** When the jobs of the lake start, one after the other: a cron expression of Glue, UTC. @default 'cron(15 0/6 * * ? *)', every six hours */
  readonly batchSchedule?: string;
  /** Workers, their type and the longest run of each job of the lake, by its name or of `all`; `matches`, `marts` and `maintain` may have a `schedule` of their own. @default - 2 workers of G.1X, two hours */
  readonly jobs?: JobsProps;
  /** Grants for the jobs, and for the analysts that are named, in an account where Lake Formation decides about tables; whoever deploys must be its administrator. @default false, for IAM alone decides */
  readonly lakeFormation?: boolean | LakeFormationProps;
  /** When the profile table is exported for its comparison with the lake: a cron expression, UTC, at least 15 minutes before the jobs; 'off' compares only when told to. @default 'cron(15 23 * * ? *)', every night */
  readonly exportSchedule?: string;
  /** What one query of an analyst may scan before Athena ends it. @default Size.gibibytes(100) */
  readonly scanLimit?: Size;
  /** Address that hears of alarms; it is asked by mail to confirm. @default - Nobody hears them, unless there is an `alarmTopic`, and the synthesis says so. */
  readonly alarmEmail?: string;
  /** A topic of your own that alarms are sent to. Its policy, and its key if it has one of yours, must allow CloudWatch and EventBridge. @default - One is made, encrypted with the platform's key. */
  readonly alarmTopic?: ITopic;
  /** The function that takes events in. @default - 512 MB, concurrency shared with the account */
  readonly collect?: FunctionSize;
  /** The function that folds events into profiles. @default - 1,024 MB, one batch a shard at a time */
  readonly stitch?: StitchSize;
  /** The functions that tell destinations, one each. @default - 512 MB, ten executions at once, concurrency shared with the account */
  readonly deliver?: DeliverSize;
  /** Capacity of the profile table. @default - on demand, as warm as DynamoDB makes a new table */
  readonly table?: TableCapacity;
  /** How long every log group of the platform keeps a line. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}
