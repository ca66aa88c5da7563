import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import type { Destination } from './destinations.ts';
import type { HandlerFunction } from './handler-function.ts';

export interface AlarmsProps {
  readonly events: Stream;
  readonly functions: readonly HandlerFunction[];
  readonly destinations: readonly Destination[];
}

/** What an operator must hear of: events waiting too long, functions failing, deliveries given up. Add actions to `all`. */
export class Alarms extends Construct {
  readonly all: Alarm[] = [];

  constructor(scope: Construct, id: string, { events, functions, destinations }: AlarmsProps) {
    super(scope, id);
    const period = Duration.minutes(5);
    this.raise(
      'EventsWaiting',
      events.metricGetRecordsIteratorAgeMilliseconds({ period, statistic: 'max' }),
      600_000,
      'Events wait more than ten minutes to be stitched',
    );
    for (const fn of functions) {
      const name = `${fn.node.scope?.node.id}${fn.node.id}`;
      this.raise(`${name}Failing`, fn.metricErrors({ period }), 0, `The function ${name} fails`);
    }
    for (const { node, deadLetters } of destinations) {
      this.raise(
        `${node.id}DeadLetters`,
        deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'max' }),
        0,
        `Deliveries to ${node.id} were given up`,
      );
    }
  }

  private raise(id: string, metric: IMetric, threshold: number, alarmDescription: string): void {
    this.all.push(
      new Alarm(this, id, {
        metric,
        threshold,
        alarmDescription,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
    );
  }
}
