import { Annotations, Aws, Duration } from 'aws-cdk-lib';
import { type Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { JobName } from '../../lambdas/core/contract/jobs.ts';
import { lakeMetric, metricNamespace } from '../../lambdas/core/contract/metrics.ts';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import type { Encryption } from '../blocks/encryption.ts';
import type { Batch } from '../lake/jobs.ts';
import { raise, raiseOnSilence } from './alarm.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import { longestGap } from './schedule-gap.ts';

/** Whose runs are watched, and who hears of them. */
export interface JobAlarmsProps {
  readonly batch: Batch;
  readonly alarmTopic: AlarmTopic;
  readonly encryption: Encryption;
}

/** How a run ends that did not do its work. */
const badEnds = ['FAILED', 'TIMEOUT', 'STOPPED', 'ERROR', 'EXPIRED'];

/** CloudWatch looks back no further: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, `Period`. */
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
    const ends = new Metric({
      namespace: 'AWS/Events',
      metricName: 'TriggeredRules',
      dimensionsMap,
      statistic: 'sum',
      period: Duration.minutes(5),
    });
    this.all = [
      raise(this, topic, 'JobFailed', {
        metric: ends,
        says: "A job of the lake failed, timed out or was stopped; a message of its own says which, and the lake's tables fall behind",
        runbook: 'jobfailed',
      }),
      ...[...batch.ends].flatMap(([job, schedule], at) =>
        this.tellSilence(topic, batch.database.ref, job, schedule, at === 0),
      ),
    ];
  }

  /** Where runs are so far apart that CloudWatch cannot tell silence from patience there is no alarm, and whoever deploys is told. */
  private tellSilence(topic: ITopic, database: string, job: JobName, schedule: string, isOfAll: boolean): Alarm[] {
    const periods = silence(schedule);
    if (periods === undefined) {
      this.warnOfSilence(job, schedule);
      return [];
    }
    const dimensionsMap = { database, job };
    // Periods of an hour, and not one as long: with few long ones CloudWatch looks at what came before them, too.
    const metric = new Metric({
      namespace: metricNamespace,
      metricName: lakeMetric.ended,
      dimensionsMap,
      statistic: 'sum',
      period: Duration.hours(1),
    });
    const says = `The job ${job}${isOfAll ? ', the last of its chain,' : ''} did not come to its end in ${periods} hours`;
    return [
      raiseOnSilence(this, topic, isOfAll ? 'LakeNotUpdated' : `${pascalCase(job)}NotUpdated`, {
        metric,
        periods,
        says,
        runbook: 'lakenotupdated',
      }),
    ];
  }

  private warnOfSilence(job: JobName, schedule: string): void {
    Annotations.of(this).addWarningV2(
      `customer-data-platform:silence-of-${job}-is-not-heard`,
      `No alarm rings when the job ${job} does not run: it starts by ${schedule}, and an alarm of CloudWatch looks back a week at the most. ` +
        'Let it start at least every six days, or look after each start whether it ran: npm run status',
    );
  }

  /** EventBridge publishes as a role, for neither a topic's policy nor a key's can bound it to one rule. */
  private tellEnds({ jobs }: Batch, alarmTopic: AlarmTopic, encryption: Encryption): Rule {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
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
          message: RuleTargetInput.fromText(
            `The job ${job} ended with ${state}, run ${run}. What to do: docs/guides/runbook.md#jobfailed`,
          ),
        }),
      ],
    });
  }
}

/**
 * Hours after which it is too quiet: two runs that did not come, and an hour, or the week that CloudWatch looks back. Undefined where a run that comes
 * in time may be further away than that, or nobody can say how far.
 */
function silence(schedule: string): number | undefined {
  const gap = longestGap(schedule)?.toHours({ integral: false });
  return gap === undefined || gap + 1 > hoursOfAWeek ? undefined : Math.min(hoursOfAWeek, Math.ceil(2 * gap) + 1);
}
