import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import type { Destination } from '../activation/destination.ts';
import type { Encryption } from '../blocks/encryption.ts';
import type { HandlerFunction } from '../blocks/handler-function.ts';
import type { Imports } from '../imports/imports.ts';
import type { Topics } from '../imports/topics.ts';
import type { Pulls } from '../ingestion/pulls.ts';
import type { Batch } from '../lake/jobs.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import { DestinationAlarms } from './destination-alarms.ts';
import { DueAlarms } from './due-alarms.ts';
import { FlowAlarms, type FlowAlarmsProps } from './flow-alarms.ts';
import { FunctionAlarms } from './function-alarms.ts';
import { ImportAlarms } from './import-alarms.ts';
import { JobAlarms } from './job-alarms.ts';
import { PullAlarms } from './pull-alarms.ts';
import { RequestAlarms } from './request-alarms.ts';
import { sourceAlarmsOf } from './source-alarms.ts';
import { TopicAlarms } from './topic-alarms.ts';

/** What the alarms watch, and the topic that they notify. */
export interface AlarmsProps extends Omit<FlowAlarmsProps, 'topic'> {
  readonly alarmTopic: AlarmTopic;
  readonly encryption: Encryption;
  /** The function that wakes profiles. */
  readonly tend: HandlerFunction;
  /** The function that goes on with privacy requests. */
  readonly run: HandlerFunction;
  readonly deadlines: CdpConfig['privacy'];
  readonly functions: readonly HandlerFunction[];
  readonly mappings: ReadonlyMap<EventSourceMapping, HandlerFunction>;
  readonly apis: readonly HttpApi[];
  /** By the destination's id. */
  readonly destinations: ReadonlyMap<string, Destination>;
  readonly batch: Batch;
  /** Undefined if no source has rows. */
  readonly imports: Imports | undefined;
  readonly sources: CdpConfig['sources'];
  /** The jobs that read APIs. */
  readonly pulls: Pulls | undefined;
  /** What reads topics of Kafka, by the source's id. */
  readonly topics: ReadonlyMap<string, Topics>;
}

/** Every alarm of the platform; `docs/guides/runbook.md` tells what to do about each. */
export class Alarms extends Construct {
  /** All alarms, so that an app can add its own actions. */
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { alarmTopic, encryption, destinations, batch, pulls, tend, imports } = props;
    const { topic } = alarmTopic;
    const database = batch.database.ref;
    this.all = [
      ...new FlowAlarms(this, 'Flow', { ...props, topic }).all,
      ...new DueAlarms(this, 'Due', { topic, tend }).all,
      ...new RequestAlarms(this, 'Privacy', { ...props, topic }).all,
      ...new FunctionAlarms(this, 'Functions', { ...watchedFunctions(props), topic }).all,
      ...new JobAlarms(this, 'Jobs', { batch, pulls, alarmTopic, encryption }).all,
      ...(pulls === undefined ? [] : new PullAlarms(this, 'Pulls', { topic, pulls, database }).all),
      ...(imports === undefined ? [] : new ImportAlarms(imports, 'Alarms', { topic, imports }).all),
      ...sourceAlarmsOf(scope, 'SourceHealth', { ...props, topic, database }),
      ...[...props.topics.values()].flatMap((topics) => new TopicAlarms(topics, 'Alarms', { topic, topics }).all),
      ...[...destinations].flatMap(([name, destination]) => {
        const { queue, deadLetters } = destination;
        return new DestinationAlarms(destination, 'Alarms', { topic, destination: name, queue, deadLetters }).all;
      }),
    ];
  }
}

/** With forward and its mapping, if there is one. */
const watchedFunctions = ({ functions, mappings, apis, forwarding }: AlarmsProps) => ({
  functions: forwarding === undefined ? functions : [...functions, forwarding.forward],
  mappings: forwarding === undefined ? mappings : new Map([...mappings, [forwarding.records, forwarding.forward]]),
  apis,
});
