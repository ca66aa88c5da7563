import { Stack, Validations } from 'aws-cdk-lib';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { lakePrefix } from '../../lambdas/core/contract/storage.ts';
import { ownPrefixes, type Pulls } from '../ingestion/pulls.ts';
import type { Lake } from '../lake/lake.ts';

/** Findings of cdk-nag about the jobs that read APIs, each with a reason. */
export function acknowledgePulls({ bySource }: Pulls, lake: Lake): void {
  const bucket = Stack.of(lake).getLogicalId(lake.bucket.node.defaultChild as CfnBucket);
  for (const [source, { job, secret }] of bySource) {
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'The vendor of the API makes it. An OAuth refresh token that is replaced is written back by the job.',
    });
    const acknowledge = (resource: string, reason: string) =>
      Validations.of(job.role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
    for (const prefix of ownPrefixes(source))
      acknowledge(`<${bucket}.Arn>/${prefix}*`, 'The job names the objects of its one source, below this prefix.');
    acknowledge(
      `<${bucket}.Arn>/${lakePrefix.tables}*`,
      'Iceberg names and replaces the files of tables, below this one prefix.',
    );
    acknowledge('*', 'CloudWatch has no resources for metrics. The condition limits the job to one namespace.');
  }
}
