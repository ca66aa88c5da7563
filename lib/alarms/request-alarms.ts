import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { requestMetric } from '../../lambdas/core/contract/metrics.ts';
import type { HandlerFunction } from '../blocks/handler-function.ts';
import { raise, raiseOnSilence } from './alarm.ts';
import { countedBy } from './metrics.ts';

/** The function that goes on with privacy requests, and their deadlines. */
export interface RequestAlarmsProps {
  readonly topic: ITopic;
  readonly run: HandlerFunction;
  readonly deadlines: CdpConfig['privacy'];
}

/** The function tells once an hour, so a period may have two values, and the next one none. */
const twoHours = 2;

/** Rings before a privacy request is late, and when nobody looks whether one is. */
export class RequestAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { topic, run, deadlines: { alarmDays } }: RequestAlarmsProps) {
    super(scope, id);
    const due = countedBy(run, 'requests', requestMetric.due).with({ period: Duration.hours(1) });
    this.all = [
      raise(this, topic, 'RequestsDue', {
        metric: due.with({ statistic: 'max' }),
        periods: twoHours,
        inAny: 1,
        text: `Privacy requests must be answered within ${alarmDays} days, or are late`,
        runbook: 'requestsdue',
      }),
      raiseOnSilence(this, topic, 'RequestsSilent', {
        metric: due.with({ statistic: 'n' }),
        periods: twoHours + 1,
        text: 'No privacy request has gone on for three hours, and nobody looks whether one is late',
        runbook: 'requestssilent',
      }),
    ];
  }
}
