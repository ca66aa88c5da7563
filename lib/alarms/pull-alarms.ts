import { Annotations, Duration } from 'aws-cdk-lib';
import { type Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { lakeMetric, metricNamespace } from '../../lambdas/core/contract/metrics.ts';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import type { Pulls } from '../ingestion/pulls.ts';
import { raiseOnSilence } from './alarm.ts';
import { silence } from './silence.ts';

/** The jobs that read APIs, and who hears of trouble. */
export interface PullAlarmsProps {
  readonly topic: ITopic;
  readonly pulls: Pulls;
  /** The Glue database, by which the jobs count. */
  readonly database: string;
}

/** Rings when an API was not read for too long. */
export class PullAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { topic, pulls, database }: PullAlarmsProps) {
    super(scope, id);
    this.all = [...pulls.bySource].flatMap(([source, { schedule }]) =>
      schedule === undefined ? [] : this.behind(topic, { database, source }, schedule),
    );
  }

  private behind(topic: ITopic, by: { readonly database: string; readonly source: string }, schedule: string): Alarm[] {
    const periods = silence(schedule);
    if (periods === undefined) {
      Annotations.of(this).addWarningV2(
        `customer-data-platform:silence-of-${by.source}-is-not-heard`,
        `No alarm can ring when the source ${by.source} is not read: it starts by ${schedule}, and CloudWatch looks back one week at most`,
      );
      return [];
    }
    return [
      raiseOnSilence(this, topic, `${pascalCase(by.source)}Behind`, {
        metric: new Metric({
          namespace: metricNamespace,
          metricName: lakeMetric.ended,
          dimensionsMap: by,
          statistic: 'sum',
          period: Duration.hours(1),
        }),
        periods,
        text: `The source ${by.source} has not been read for ${periods} hours`,
        runbook: 'sourcebehind',
      }),
    ];
  }
}
