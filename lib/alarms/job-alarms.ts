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
import type { Pulls } from '../ingestion/pulls.ts';
import type { GlueJob } from '../lake/glue-job.ts';
import type { Batch } from '../lake/jobs.ts';
import { raise, raiseOnSilence } from './alarm.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import { longestGap } from './schedule-gap.ts';
import { hoursOfAWeek, silence } from './silence.ts';

/** The jobs that the alarms watch, and the topic that they notify. */
export interface JobAlarmsProps {
  readonly batch: Batch;
  /** The jobs that read APIs. */
  readonly pulls: Pulls | undefined;
  readonly alarmTopic: AlarmTopic;
  readonly encryption: Encryption;
}

/** States of runs that did not do their work. */
const badEnds = ['FAILED', 'TIMEOUT', 'STOPPED', 'ERROR', 'EXPIRED'];

const hoursOfDay = 24;

/**
 * Rings when a job fails, times out or is stopped, and when a chain of jobs has not finished for too long; a message
 * names the job and the run.
 */
export class JobAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { batch, pulls, alarmTopic, encryption }: JobAlarmsProps) {
    super(scope, id);
    const { topic } = alarmTopic;
    const pulling = [...(pulls?.bySource.values() ?? [])].map(({ job }) => job);
    const jobs = [...batch.jobs.values()].concat(pulling);
    const ended = this.tellEnds(jobs, alarmTopic, encryption);
    // EventBridge counts rules of the default bus by rule name only:
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
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
        text: 'A job of the lake failed, timed out or was stopped. A separate message names the job and the run',
        runbook: 'jobfailed',
      }),
      this.tellSilentDestinations(topic, batch),
      ...(batch.mayAsk ? [this.tellAskingLoads(topic, batch)] : []),
      ...[...batch.ends].flatMap(([job, schedule], at) =>
        this.tellSilence(topic, { database: batch.database.ref, job }, schedule, at === 0),
      ),
    ];
  }

  /** One alarm for all destinations: one for each would come up to 200 times. It lasts until the next run. */
  private tellSilentDestinations(topic: ITopic, { database, ends }: Batch): Alarm {
    const [ofAll = ''] = ends.values();
    const gap = longestGap(ends.get('marts') ?? ofAll)?.toHours({ integral: false }) ?? hoursOfDay;
    return raise(this, topic, 'DestinationsSilent', {
      metric: new Metric({
        namespace: metricNamespace,
        metricName: lakeMetric.silent,
        dimensionsMap: { database: database.ref },
        statistic: 'max',
        period: Duration.hours(1),
      }),
      periods: Math.min(hoursOfAWeek, Math.ceil(gap) + 1),
      inAny: 1,
      text: 'A destination that used to get deliveries got none for a day, although there was something to tell it. The run of the job marts names it',
      runbook: 'destinationssilent',
    });
  }

  /** It ends by itself after an hour: what a load asks is in its result, and stays there. */
  private tellAskingLoads(topic: ITopic, { database }: Batch): Alarm {
    return raise(this, topic, 'RecordsAsk', {
      metric: new Metric({
        namespace: metricNamespace,
        metricName: lakeMetric.asking,
        dimensionsMap: { database: database.ref },
        statistic: 'max',
        period: Duration.hours(1),
      }),
      text: 'A complete load of records lacks too many of those that are known, so nothing of it was taken. The run of the job that compared it names it',
      runbook: 'recordsask',
    });
  }

  /** Warns at synthesis instead where CloudWatch cannot look back far enough for the schedule. */
  private tellSilence(
    topic: ITopic,
    dimensionsMap: { readonly database: string; readonly job: JobName },
    schedule: string,
    isOfAll: boolean,
  ): Alarm[] {
    const { job } = dimensionsMap;
    const periods = silence(schedule);
    if (periods === undefined) {
      this.warnOfSilence(job, schedule);
      return [];
    }
    // With a few long periods CloudWatch would also look at data from before them, so the periods are one hour each.
    const metric = new Metric({
      namespace: metricNamespace,
      metricName: lakeMetric.ended,
      dimensionsMap,
      statistic: 'sum',
      period: Duration.hours(1),
    });
    const text = `The job ${job}${isOfAll ? ', the last of its chain,' : ''} has not succeeded for ${periods} hours`;
    return [
      raiseOnSilence(this, topic, isOfAll ? 'LakeNotUpdated' : `${pascalCase(job)}NotUpdated`, {
        metric,
        periods,
        text,
        runbook: 'lakenotupdated',
      }),
    ];
  }

  private warnOfSilence(job: JobName, schedule: string): void {
    Annotations.of(this).addWarningV2(
      `customer-data-platform:silence-of-${job}-is-not-heard`,
      `No alarm can ring when the job ${job} does not run: it starts by ${schedule}, and CloudWatch looks back one week at most. ` +
        'Start it at least every six days, or check after each start that it ran: npm run status',
    );
  }

  /** EventBridge publishes with a role because the policies of topic and key cannot limit it to one rule. */
  private tellEnds(jobs: readonly GlueJob[], alarmTopic: AlarmTopic, encryption: Encryption): Rule {
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
      description: 'Runs of lake jobs that failed, timed out or were stopped',
      eventPattern: {
        source: ['aws.glue'],
        detailType: ['Glue Job State Change'],
        detail: { jobName: jobs.map(({ job: { ref } }) => ref), state: badEnds },
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
