import { Aws, Duration } from 'aws-cdk-lib';
import { type Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type JobName, lakeMetric, metricNamespace, pascalCase } from '../lambdas/core/contract.ts';
import { raise, raiseOnSilence } from './alarm.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import type { Batch } from './batch.ts';
import type { Encryption } from './encryption.ts';
import { longestGap } from './schedule-gap.ts';

/** Whose runs are watched, and who hears of them. */
export interface JobAlarmsProps {
  readonly batch: Batch;
  readonly alarmTopic: AlarmTopic;
  readonly encryption: Encryption;
}

/** How a run ends that did not do its work. */
const badEnds = ['FAILED', 'TIMEOUT', 'STOPPED', 'ERROR', 'EXPIRED'];

/** CloudWatch looks back no further. */
const hoursOfAWeek = 7 * 24;

/** Says when a run of a job failed, timed out or was stopped, and which one; and when the chain of jobs did not come to its end for too long. */
export class JobAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { batch, alarmTopic, encryption }: JobAlarmsProps) {
    super(scope, id);
    const { topic } = alarmTopic;
    const ended = this.tellEnds(batch, alarmTopic, encryption);
    // By rule alone, which on the default bus is how EventBridge counts: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    const dimensionsMap = { RuleName: ended.ruleName };
    const ends = new Metric({ namespace: 'AWS/Events', metricName: 'TriggeredRules', dimensionsMap, statistic: 'sum', period: Duration.minutes(5) });
    this.all = [
      raise(this, topic, 'JobFailed', {
        metric: ends,
        says: "A job of the lake failed, timed out or was stopped; a message of its own says which, and the lake's tables fall behind",
        runbook: 'jobfailed',
      }),
      ...[...batch.ends].map(([job, schedule], at) => this.tellSilence(topic, batch.database.ref, job, schedule, at === 0)),
    ];
  }

  private tellSilence(topic: ITopic, database: string, job: JobName, schedule: string, isOfAll: boolean): Alarm {
    const periods = silence(schedule);
    const dimensionsMap = { database, job };
    // Periods of an hour, and not one as long: with few long ones CloudWatch looks at what came before them, too.
    const metric = new Metric({
      namespace: metricNamespace,
      metricName: lakeMetric.ended,
      dimensionsMap,
      statistic: 'sum',
      period: Duration.hours(1),
    });
    return raiseOnSilence(this, topic, isOfAll ? 'LakeNotUpdated' : `${pascalCase(job)}NotUpdated`, {
      metric,
      periods,
      says: `The job ${job}${isOfAll ? ', the last of its chain,' : ''} did not come to its end in ${periods} hours`,
      runbook: 'lakenotupdated',
    });
  }

  /** EventBridge publishes as a role, for neither a topic's policy nor a key's can bound it to one rule. */
  private tellEnds({ jobs }: Batch, alarmTopic: AlarmTopic, encryption: Encryption): Rule {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('events.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: [alarmTopic.topic.topicArn] }));
    encryption.grantRead(role);
    encryption.grantWrite(role);
    const [job, state, run] = ['jobName', 'state', 'jobRunId'].map((field) => EventField.fromPath(`$.detail.${field}`));
    return new Rule(this, 'JobEnded', {
      description: 'Runs of the jobs of the lake that did not do their work',
      eventPattern: {
        source: ['aws.glue'],
        detailType: ['Glue Job State Change'],
        detail: { jobName: [...jobs.values()].map(({ job: { ref } }) => ref), state: badEnds },
      },
      targets: [
        new SnsTopic(alarmTopic.topic, {
          role: role.withoutPolicyUpdates(),
          message: RuleTargetInput.fromText(`The job ${job} ended with ${state}, run ${run}. What to do: docs/guides/runbook.md#jobfailed`),
        }),
      ],
    });
  }
}

/** Hours after which it is too quiet: two runs that did not come, and an hour; a week where the schedule cannot be read or is slower. */
function silence(schedule: string): number {
  const gap = longestGap(schedule)?.toHours({ integral: false });
  return gap === undefined ? hoursOfAWeek : Math.min(hoursOfAWeek, Math.ceil(2 * gap) + 1);
}
