import { Stack, Validations } from 'aws-cdk-lib';
import type { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { type Analytics, resultsPrefix } from '../analytics/analytics.ts';
import type { Lake } from '../lake/lake.ts';

/** What an analyst may do by wildcard, and why. */
export function acknowledgeAnalyst({ analyst }: Analytics, lake: Lake, database: CfnDatabase, tables: string): void {
  const stack = Stack.of(lake);
  const bucket = stack.getLogicalId(lake.bucket.node.defaultChild as CfnBucket);
  const catalog = `arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:table/<${stack.getLogicalId(database)}>/*`;
  const reasons = {
    '*': 'IAM knows no resources for the lists of workgroups and catalogs that tools offer for a choice; they tell names only.',
    [catalog]:
      'An analyst may see every table of this one database, those to come and the views of the saved queries included.',
    [`<${bucket}.Arn>/${tables}*`]:
      'Iceberg names the files of tables by itself, and an analyst reads them all, below this one prefix.',
    [`<${bucket}.Arn>/${resultsPrefix}*`]:
      'Athena names the objects of results by the query, as whoever asks, below this one prefix.',
  };
  for (const [resource, reason] of Object.entries(reasons)) {
    Validations.of(analyst).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
  }
}
