import { Stack, Validations } from 'aws-cdk-lib';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { lakePrefix } from '../../lambdas/core/contract/storage.ts';
import { ownPrefixes, type Pulls } from '../ingestion/pulls.ts';
import type { Lake } from '../lake/lake.ts';

/** Findings of cdk-nag about the jobs that read APIs and databases, each with a reason. */
export function acknowledgePulls({ bySource }: Pulls, lake: Lake): void {
  const bucket = Stack.of(lake).getLogicalId(lake.bucket.node.defaultChild as CfnBucket);
  for (const [source, { job, secret }] of bySource) {
    if (secret !== undefined)
      Validations.of(secret).acknowledge({
        id: 'AwsSolutions-SMG4',
        reason: 'The vendor of the API makes it. An OAuth refresh token that is replaced is written back by the job.',
      });
    const acknowledge = (resource: string, reason: string) =>
      Validations.of(job.role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
    for (const prefix of ownPrefixes(source))
      acknowledge(`<${bucket}.Arn>/${prefix}*`, `The job names the objects of its one source, below ${prefix} alone.`);
    acknowledge(
      `<${bucket}.Arn>/${lakePrefix.tables}*`,
      'Iceberg names and replaces the files of tables, below this one prefix.',
    );
    acknowledge(
      '*',
      'CloudWatch has no resources for metrics, and EC2 none for what Glue asks of a VPC. The condition limits metrics to one namespace.',
    );
    if (job.job.connections === undefined) continue;
    acknowledge(
      'arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:network-interface/*',
      'Glue names the interfaces that it makes in a VPC. The condition limits the job to the tag that Glue gives them.',
    );
  }
}
