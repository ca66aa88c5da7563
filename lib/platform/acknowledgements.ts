import { Stack, Validations } from 'aws-cdk-lib';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { failedBatchPrefix, lakePrefix } from '../../lambdas/core/contract/storage.ts';
import type { Destination } from '../activation/destination.ts';
import type { Forwarding } from '../activation/forwarding.ts';
import type { Segments } from '../activation/segments.ts';
import type { Analytics } from '../analytics/analytics.ts';
import type { Imports } from '../imports/imports.ts';
import type { Topics } from '../imports/topics.ts';
import type { Ingest } from '../ingestion/ingest.ts';
import type { Pulls } from '../ingestion/pulls.ts';
import { jobKinds } from '../lake/job-kinds.ts';
import type { Batch } from '../lake/jobs.ts';
import type { Lake } from '../lake/lake.ts';
import type { AdminApi } from '../operations/admin-api.ts';
import type { ProfileApi } from '../profiles/profile-api.ts';
import type { Profiles } from '../profiles/profiles.ts';
import type { Stitching } from '../profiles/stitching.ts';
import type { Tending } from '../profiles/tending.ts';
import { acknowledgeAnalyst } from './analyst-findings.ts';
import type { Emptied } from './emptied.ts';
import { acknowledgeImports } from './import-findings.ts';
import { acknowledgePulls } from './pull-findings.ts';

/** The constructs with acknowledged findings. */
export interface Acknowledged {
  readonly ingest: Ingest;
  readonly lake: Lake;
  readonly profiles: Profiles;
  readonly profileApi: ProfileApi;
  readonly adminApi: AdminApi;
  readonly destinations: ReadonlyMap<string, Destination>;
  readonly stitching: Stitching;
  readonly tending: Tending;
  readonly segments: Segments;
  readonly forwarding?: Forwarding;
  readonly imports?: Imports;
  readonly topics: ReadonlyMap<string, Topics>;
  readonly batch: Batch;
  readonly pulls: Pulls | undefined;
  readonly analytics: Analytics;
  readonly emptied?: Emptied;
}

/** Acknowledges findings of cdk-nag that do not apply here, each with a reason and on one construct. */
export function acknowledgeFindings({
  ingest,
  lake,
  profiles,
  profileApi,
  adminApi,
  destinations,
  stitching,
  tending,
  segments,
  forwarding,
  imports,
  topics,
  batch,
  pulls,
  analytics,
  emptied,
}: Acknowledged): void {
  Validations.of(ingest.node.findChild('Api')).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason:
      'Browsers and SDKs authenticate with a write key, which collect checks. API Gateway has no such authorizer.',
  });
  if (ingest.sourceSecrets !== undefined) {
    Validations.of(ingest.sourceSecrets).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'Vendors make and rotate these secrets. Two of a source are valid at a time.',
    });
  }
  for (const { door } of [profileApi, adminApi]) {
    Validations.of(door.api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        "The function checks access tokens itself. An authorizer of API Gateway could not answer in Segment's format, and would be a second call.",
    });
    Validations.of(door.accessTokens).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'It contains hashes of tokens that applications and operators keep. npm run token rotates them, two valid at a time.',
    });
  }
  Validations.of(ingest.events).acknowledge({
    id: 'AwsSolutions-KDS3',
    reason:
      "The deployment's own key encrypts the stream, so its policy controls who reads events. The price is the same.",
  });
  Validations.of(lake.node.findChild('Raw')).acknowledge({
    id: 'AwsSolutions-KDF1',
    reason: 'Firehose has no encryption of its own with a Kinesis stream as its source. That stream is encrypted.',
  });
  Validations.of(profiles.identifierKeySecret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason:
      'It keys the HMACs of identifiers. Rotating it means rewriting every key of the table, which needs a migration.',
  });
  for (const { settings } of destinations.values()) {
    if (settings === undefined) continue;
    Validations.of(settings).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'It contains a URL and a secret shared with the receiver, who must change it, too.',
    });
  }
  Validations.of(segments.deadLetters).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'It is the dead-letter queue of the segment bus. The rule recognizes only those of queues.',
  });
  const batches = Stack.of(lake).getLogicalId(lake.failedBatches.node.defaultChild as CfnBucket);
  for (const { role } of [stitching.stitch, segments.publish, ...(forwarding ? [forwarding.forward] : [])]) {
    Validations.of(role ?? lake).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${batches}.Arn>/${failedBatchPrefix}*]`,
      reason: 'Lambda names the objects that hold failed batches. They are all below this prefix.',
    });
  }
  if (destinations.size > 0) acknowledgeSwitches(tending);
  acknowledgeJobs(batch, lake);
  acknowledgeImports({ imports, topics }, lake);
  if (pulls !== undefined) acknowledgePulls(pulls, lake);
  if (emptied !== undefined) acknowledgeEmptying(emptied, lake);
  acknowledgeAnalyst(analytics, lake, batch.database, lakePrefix.tables);
}

/** Wildcards of the function that stops and starts polls. */
function acknowledgeSwitches({ tend }: Tending): void {
  const mappings = 'arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:event-source-mapping:*';
  Validations.of(tend.role ?? tend).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${mappings}]`,
    reason: 'A policy has no room for all mappings. The condition limits the function to those of this stack.',
  });
  Validations.of(tend.role ?? tend).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Lambda has no resources for a list of mappings.',
  });
}

/** Wildcards of the jobs: objects that they or Spark name, below one prefix each. */
function acknowledgeJobs({ jobs, ends }: Batch, lake: Lake): void {
  const bucket = Stack.of(lake).getLogicalId(lake.bucket.node.defaultChild as CfnBucket);
  for (const [name, { role }] of jobs) {
    const acknowledge = (resource: string, reason: string) =>
      Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
    for (const prefix of jobKinds[name].reads) {
      acknowledge(
        `<${bucket}.Arn>/${prefix}*`,
        `Firehose names the objects below ${prefix}, and the job reads them all.`,
      );
    }
    if (jobKinds[name].asks)
      acknowledge(
        `<${bucket}.Arn>/${lakePrefix.barriers}*`,
        'Where there is no list of barriers, the file system of Glue looks for a folder of its name.',
      );
    for (const prefix of jobKinds[name].writes ?? [])
      acknowledge(`<${bucket}.Arn>/${prefix}*`, `The job names the objects below ${prefix}, and writes them all.`);
    acknowledge(
      `<${bucket}.Arn>/${lakePrefix.tables}*`,
      'Iceberg names and replaces the files of tables, below this one prefix.',
    );
    if (ends.has(name) || jobKinds[name].counts)
      acknowledge('*', 'CloudWatch has no resources for metrics. The condition limits the job to one namespace.');
  }
}

/** A trial deployment empties its buckets completely. */
function acknowledgeEmptying({ empty }: Emptied, { buckets }: Lake): void {
  for (const bucket of buckets) {
    const id = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnBucket);
    Validations.of(empty.role ?? empty).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${id}.Arn>/*]`,
      reason:
        'It empties the buckets of a trial when its stack is deleted. A deployment that keeps its data has no such function.',
    });
  }
}
