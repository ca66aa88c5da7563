import { CfnLogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';

/** Makes every log group below a construct keep its lines so long. */
export function keepLogs(scope: IConstruct, retention: RetentionDays | undefined): void {
  if (retention === undefined) return;
  for (const group of scope.node.findAll()) if (group instanceof CfnLogGroup) group.retentionInDays = retention;
}
