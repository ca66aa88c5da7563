import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** When an alarm rings, and what it says then. */
export interface Trouble {
  readonly metric: IMetric;
  /** It rings above this. @default 0 */
  readonly above?: number;
  /** It rings when the metric was as high in so many periods, one after the other. @default 1 */
  readonly periods?: number;
  /** In so many of them is enough. @default - In each of them. */
  readonly inAny?: number;
  /** One sentence without its period. */
  readonly says: string;
  /** The heading of `docs/guides/runbook.md` that says what to do. */
  readonly runbook: string;
}

/** Makes an alarm that tells the topic when it rings and when it ends. Where nothing is counted, nothing is wrong. */
export function raise(
  scope: Construct,
  topic: ITopic,
  id: string,
  { metric, above = 0, periods = 1, inAny = periods, says, runbook }: Trouble,
): Alarm {
  return heard(
    topic,
    new Alarm(scope, id, {
      metric,
      threshold: above,
      alarmDescription: described(says, runbook),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      ...(inAny < periods && { datapointsToAlarm: inAny }),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
  );
}

/** Makes an alarm that rings when nothing was counted in so many periods. */
export function raiseOnSilence(
  scope: Construct,
  topic: ITopic,
  id: string,
  { metric, periods = 1, says, runbook }: Omit<Trouble, 'above' | 'inAny'>,
): Alarm {
  return heard(
    topic,
    new Alarm(scope, id, {
      metric,
      threshold: 1,
      alarmDescription: described(says, runbook),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: TreatMissingData.BREACHING,
    }),
  );
}

function heard(topic: ITopic, alarm: Alarm): Alarm {
  const action = new SnsAction(topic);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
  return alarm;
}

const described = (says: string, runbook: string): string => `${says}. What to do: docs/guides/runbook.md#${runbook}`;
