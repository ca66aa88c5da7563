import { CfnLogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';

/** Sets the retention of every log group below a construct. */
export function keepLogs(scope: IConstruct, retention: RetentionDays | undefined): void {
  if (retention === undefined) return;
  for (const group of scope.node.findAll()) if (group instanceof CfnLogGroup) group.retentionInDays = retention;
}
