import { Stack, Validations } from 'aws-cdk-lib';
import type { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { type Analytics, resultsPrefix } from '../analytics/analytics.ts';
import type { Lake } from '../lake/lake.ts';

/** Wildcards of an analyst, with reasons. */
export function acknowledgeAnalyst({ analyst }: Analytics, lake: Lake, database: CfnDatabase, tables: string): void {
  const stack = Stack.of(lake);
  const bucket = stack.getLogicalId(lake.bucket.node.defaultChild as CfnBucket);
  const catalog = `arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:table/<${stack.getLogicalId(database)}>/*`;
  const reasons = {
    '*': 'IAM has no resources for the lists of workgroups and catalogs, which tools show as a choice. They return only names.',
    [catalog]:
      'An analyst may see every table of this one database, including future tables and the views of saved queries.',
    [`<${bucket}.Arn>/${tables}*`]:
      'Iceberg names the files of tables, and an analyst reads them all, below this one prefix.',
    [`<${bucket}.Arn>/${resultsPrefix}*`]:
      "Athena names result files by query and writes them with the analyst's permissions, below this one prefix.",
  };
  for (const [resource, reason] of Object.entries(reasons)) {
    Validations.of(analyst).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
  }
}
