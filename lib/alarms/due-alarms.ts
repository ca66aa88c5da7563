import { type Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { metricNamespace, tendMetric } from '../../lambdas/core/contract/metrics.ts';
import type { HandlerFunction } from '../blocks/handler-function.ts';
import { raise, raiseOnSilence } from './alarm.ts';
import { countedBy, period } from './metrics.ts';

/** The function that wakes profiles. */
export interface DueAlarmsProps {
  readonly topic: ITopic;
  readonly tend: HandlerFunction;
}

/** Seconds that the oldest due profile may wait: a minute until the next start, and a minute of its own. */
const twoMinutes = 120;
/**
 * Five-minute periods of a bit more than an hour. Zones have their midnights an hour apart, and a profile that was put
 * off is tried again after an hour. A shorter window would ring again each time.
 */
const overAnHour = 13;

/** Rings when profiles do not change at the time at which they should. */
export class DueAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { topic, tend }: DueAlarmsProps) {
    super(scope, id);
    const lag = (statistic: string): Metric =>
      new Metric({
        namespace: metricNamespace,
        metricName: tendMetric.lag,
        dimensionsMap: { service: 'tend', function: tend.functionName },
        statistic,
        period,
      });
    this.all = [
      raise(this, topic, 'ProfilesWaiting', {
        metric: lag('max'),
        above: twoMinutes,
        periods: overAnHour,
        inAny: 1,
        text: 'Profiles that change by themselves, when a window runs out or a date comes, have waited for more than two minutes',
        runbook: 'profileswaiting',
      }),
      raise(this, topic, 'WakesFailed', {
        metric: countedBy(tend, 'tend', tendMetric.failed),
        periods: overAnHour,
        inAny: 1,
        text: 'Profiles that change by themselves cannot be read, evaluated or stored. They are tried again every hour',
        runbook: 'wakesfailed',
      }),
      raiseOnSilence(this, topic, 'TendSilent', {
        metric: lag('n'),
        periods: 3,
        text: 'The tend function has not looked for due profiles for 15 minutes',
        runbook: 'tendsilent',
      }),
    ];
  }
}
