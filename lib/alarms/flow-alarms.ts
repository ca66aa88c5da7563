import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { collectMetric, publishMetric, stitchMetric } from '../../lambdas/core/contract/metrics.ts';
import type { HandlerFunction } from '../blocks/handler-function.ts';
import type { TableExports } from '../profiles/table-exports.ts';
import { raise, type Trouble } from './alarm.ts';
import { deliveryTroubles } from './delivery-troubles.ts';
import { countedBy, fillLevel, firehoseMetric, period, polled, sumOf, unread } from './metrics.ts';

/** Where events and changes flow. */
export interface FlowAlarmsProps {
  readonly topic: ITopic;
  readonly events: Stream;
  /** Of the event stream; 0 where Kinesis decides. */
  readonly shards: number;
  readonly table: ITable;
  readonly collect: HandlerFunction;
  readonly stitch: HandlerFunction;
  readonly publish: HandlerFunction;
  /** What reads the table's stream for publish. */
  readonly changes: EventSourceMapping;
  readonly rawZone: CfnDeliveryStream;
  readonly quarantine: CfnDeliveryStream;
  readonly identityLog: CfnDeliveryStream;
  readonly exports: TableExports | undefined;
  /** Of the segment bus. */
  readonly deadLetters: IQueue;
}

const tenMinutes = 600_000;
/** Firehose's freshness is in seconds, its lag in milliseconds. */
const quarterOfAnHour = { seconds: 900, milliseconds: 900_000 };
/** Of a stream's capacity: above, there is no room for a peak, nor for whoever must catch up. */
const nearlyFull = 60;

/** Rings when what came in waits, is not read, or had no room. */
export class FlowAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: FlowAlarmsProps) {
    super(scope, id);
    const troubles = {
      ...eventTroubles(props),
      ...rawZoneTroubles(props),
      ...tableTroubles(props),
      ...deliveryTroubles(props),
    };
    this.all = Object.entries(troubles).map(([name, trouble]) =>
      raise(this, props.topic, name, { runbook: name.toLowerCase(), ...trouble }),
    );
  }
}

type Troubles = Readonly<Record<string, Omit<Trouble, 'runbook'>>>;

const eventTroubles = ({ events, shards, collect, stitch, publish }: FlowAlarmsProps): Troubles => ({
  EventsWaiting: {
    metric: stitch.metric('IteratorAge', { period, statistic: 'max' }),
    above: tenMinutes,
    says: 'Events wait more than ten minutes to be stitched',
  },
  EventsUnread: {
    metric: unread(
      events.metricIncomingRecords({ period, statistic: 'sum' }),
      stitch.metricInvocations({ period, statistic: 'sum' }),
    ),
    periods: 3,
    says: 'Events came in for a quarter of an hour and stitch read none',
  },
  ...(shards > 0 && {
    StreamFillingUp: {
      metric: fillLevel(events, shards),
      above: nearlyFull,
      periods: 3,
      says: `The event stream got more than ${nearlyFull} percent of what its shards take for a quarter of an hour`,
    },
  }),
  StreamFull: {
    metric: events.metricWriteProvisionedThroughputExceeded({ period, statistic: 'sum' }),
    says: 'The event stream refused writes, and needs more shards',
  },
  BodiesDamaged: {
    metric: countedBy(collect, 'collect', collectMetric.damaged),
    says: 'Compressed requests arrived damaged; their clients were told to send again',
  },
  EventsNotKept: {
    metric: countedBy(collect, 'collect', collectMetric.unkept),
    says: 'Refused events are not in quarantine, for neither Firehose nor S3 took them; their clients were told of each',
  },
  RecordsSetAside: {
    metric: countedBy(publish, 'publish', publishMetric.setAside),
    says: 'Publish cannot read records of the profile table; they are in the bucket of failed batches',
  },
  EventsCapped: {
    metric: countedBy(stitch, 'stitch', stitchMetric.capped),
    says: 'Profiles reached a cap or the breaker; the events are in quarantine and the decisions in the identity log',
  },
  TraitsNotKept: {
    metric: countedBy(stitch, 'stitch', stitchMetric.unkept),
    says: 'Profiles have no room for values that were said; the lake has them',
  },
});

const rawZoneTroubles = ({ events, rawZone, quarantine, identityLog }: FlowAlarmsProps): Troubles => ({
  RawZoneLate: late(rawZone, 'Events wait more than 15 minutes for the raw zone'),
  RawZoneBehind: {
    metric: firehoseMetric(rawZone, 'KinesisMillisBehindLatest', 'max'),
    above: quarterOfAnHour.milliseconds,
    says: 'The raw zone is more than 15 minutes behind the event stream',
  },
  RawZoneUnread: {
    metric: unread(
      events.metricIncomingRecords({ period, statistic: 'sum' }),
      firehoseMetric(rawZone, 'DataReadFromKinesisStream.Records', 'sum'),
    ),
    periods: 3,
    says: 'Events came in for a quarter of an hour and the raw zone read none',
  },
  QuarantineLate: late(quarantine, 'Rejected events wait more than 15 minutes for the quarantine'),
  IdentityLogLate: late(identityLog, 'Decisions about identity wait more than 15 minutes for the identity log'),
});

/** Age of the oldest record that Firehose has and S3 has not. */
const late = (stream: CfnDeliveryStream, says: string): Omit<Trouble, 'runbook'> => ({
  metric: firehoseMetric(stream, 'DeliveryToS3.DataFreshness', 'max'),
  above: quarterOfAnHour.seconds,
  says,
});

const tableTroubles = ({ table, publish, changes, exports }: FlowAlarmsProps): Troubles => ({
  TableThrottled: {
    metric: sumOf(
      table.metric('ReadThrottleEvents', { period, statistic: 'sum' }),
      table.metric('WriteThrottleEvents', { period, statistic: 'sum' }),
    ),
    periods: 3,
    says: 'The profile table refused reads or writes for a quarter of an hour',
  },
  ChangesWaiting: {
    metric: publish.metric('IteratorAge', { period, statistic: 'max' }),
    above: tenMinutes,
    says: 'Changes of membership wait more than ten minutes to be published',
  },
  // Not by invocations, as for events: the mapping's filter leaves out most of what is written.
  ChangesUnread: {
    metric: unread(table.metricConsumedWriteCapacityUnits({ period, statistic: 'sum' }), polled(changes)),
    periods: 3,
    says: 'The profile table was written for a quarter of an hour and publish read none of it',
  },
  ...(exports !== undefined && {
    ExportsRefused: {
      metric: exports.metricRefusals(period),
      says: 'The profile table is not exported, and so not compared with the lake',
    },
  }),
});
