import { CfnLogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';

/** Days for which log groups keep a line, if no prop says otherwise: erasures wait for them. */
export const usualRetention = RetentionDays.TWO_WEEKS;

/** Sets the retention of every log group below a construct. */
export function keepLogs(scope: IConstruct, retention: RetentionDays | undefined): void {
  if (retention === undefined) return;
  for (const group of scope.node.findAll()) if (group instanceof CfnLogGroup) group.retentionInDays = retention;
}
