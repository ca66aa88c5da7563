import type { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import type { CdpConfigInput } from '../lambdas/core/config.ts';
import type { JobsProps } from './job-settings.ts';

/** What a team decides when it places the platform. */
export interface CustomerDataPlatformProps {
  /** What the deployment decides: sources, identity rules, segments, destinations. */
  readonly config: CdpConfigInput;
  /** What becomes of customers' data when the stack is deleted. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
  /** Shards of the event stream, each 1 MB/s; 0 lets Kinesis decide. @default 1 */
  readonly shards?: number;
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
  /** When the profile table is exported for its comparison with the lake: a cron expression, UTC, at least 15 minutes before the jobs. @default 'cron(15 23 * * ? *)', every night */
  readonly exportSchedule?: string;
  /** What one query of an analyst may scan before Athena ends it. @default Size.gibibytes(100) */
  readonly scanLimit?: Size;
}
