import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** When an alarm rings, and its text. */
export interface Trouble {
  readonly metric: IMetric;
  /** The alarm rings when the metric is above this value. @default 0 */
  readonly above?: number;
  /** Number of consecutive periods that the alarm looks at. @default 1 */
  readonly periods?: number;
  /** Number of those periods that must be above the value. @default - All of them */
  readonly inAny?: number;
  /** What happened, as one or two sentences without the last full stop. */
  readonly text: string;
  /** The heading of `docs/guides/runbook.md` that tells what to do. */
  readonly runbook: string;
}

/** Makes an alarm that notifies the topic when it rings and when it ends. Missing data counts as healthy. */
export function raise(
  scope: Construct,
  topic: ITopic,
  id: string,
  { metric, above = 0, periods = 1, inAny = periods, text, runbook }: Trouble,
): Alarm {
  return heard(
    topic,
    new Alarm(scope, id, {
      metric,
      threshold: above,
      alarmDescription: described(text, runbook),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      ...(inAny < periods && { datapointsToAlarm: inAny }),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
  );
}

/** Makes an alarm that rings when the metric counted nothing for the given number of periods. */
export function raiseOnSilence(
  scope: Construct,
  topic: ITopic,
  id: string,
  { metric, periods = 1, text, runbook }: Omit<Trouble, 'above' | 'inAny'>,
): Alarm {
  return heard(
    topic,
    new Alarm(scope, id, {
      metric,
      threshold: 1,
      alarmDescription: described(text, runbook),
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

const described = (text: string, runbook: string): string => `${text}. What to do: docs/guides/runbook.md#${runbook}`;
