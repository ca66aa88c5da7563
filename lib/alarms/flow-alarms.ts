import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { collectMetric, publishMetric, stitchMetric } from '../../lambdas/core/contract/metrics.ts';
import type { Forwarding } from '../activation/forwarding.ts';
import type { HandlerFunction } from '../blocks/handler-function.ts';
import type { Ingest } from '../ingestion/ingest.ts';
import type { TableExports } from '../profiles/table-exports.ts';
import { raise, type Trouble } from './alarm.ts';
import { deliveryTroubles } from './delivery-troubles.ts';
import { forwardingTroubles } from './forwarding-troubles.ts';
import { countedBy, fillLevel, firehoseMetric, period, polled, sumOf, unread } from './metrics.ts';
import { sourceTroubles } from './source-troubles.ts';

/** The streams, functions and tables that the alarms watch. */
export interface FlowAlarmsProps {
  readonly topic: ITopic;
  readonly events: Stream;
  readonly ingest: Pick<Ingest, 'shards' | 'sourceSecrets'>;
  readonly table: ITable;
  readonly collect: HandlerFunction;
  readonly stitch: HandlerFunction;
  readonly publish: HandlerFunction;
  /** Undefined if no destination receives events. */
  readonly forwarding: Forwarding | undefined;
  /** The mapping that reads the table's stream for publish. */
  readonly changes: EventSourceMapping;
  readonly rawZone: CfnDeliveryStream;
  readonly quarantine: CfnDeliveryStream;
  readonly identityLog: CfnDeliveryStream;
  readonly exports: TableExports | undefined;
  /** Dead-letter queue of the segment bus. */
  readonly deadLetters: IQueue;
  /** Takes the rows of attempts. */
  readonly attempts: CfnDeliveryStream;
}

const tenMinutes = 600_000;
/** Firehose reports freshness in seconds and lag in milliseconds. */
const quarterOfAnHour = { seconds: 900, milliseconds: 900_000 };
/** Percent of the stream's capacity. Above it, the stream has no room for peaks or for readers that catch up. */
const nearlyFull = 60;

/** Rings when data waits, stays unread or is refused. */
export class FlowAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: FlowAlarmsProps) {
    super(scope, id);
    const troubles = {
      ...eventTroubles(props),
      ...sourceTroubles(props),
      ...forwardingTroubles(props),
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

const eventTroubles = ({ events, ingest: { shards }, collect, stitch, publish }: FlowAlarmsProps): Troubles => ({
  EventsWaiting: {
    metric: stitch.metric('IteratorAge', { period, statistic: 'max' }),
    above: tenMinutes,
    text: 'Events have waited for more than ten minutes to be stitched',
  },
  EventsUnread: {
    metric: unread(
      events.metricIncomingRecords({ period, statistic: 'sum' }),
      stitch.metricInvocations({ period, statistic: 'sum' }),
    ),
    periods: 3,
    text: 'The stitch function read no events for 15 minutes although events came in',
  },
  ...(shards > 0 && {
    StreamFillingUp: {
      metric: fillLevel(events, shards),
      above: nearlyFull,
      periods: 3,
      text: `The event stream used more than ${nearlyFull} percent of its capacity for 15 minutes. Add shards`,
    },
  }),
  StreamFull: {
    metric: events.metricWriteProvisionedThroughputExceeded({ period, statistic: 'sum' }),
    text: 'The event stream throttled writes. Add shards',
  },
  BodiesDamaged: {
    metric: countedBy(collect, 'collect', collectMetric.damaged),
    text: 'Compressed requests arrived damaged. Their clients were asked to send them again',
  },
  EventsNotKept: {
    metric: countedBy(collect, 'collect', collectMetric.unkept),
    text: 'Neither Firehose nor S3 stored rejected events, so they are missing from the quarantine. Their clients got the reasons',
  },
  RecordsSetAside: {
    metric: countedBy(publish, 'publish', publishMetric.setAside),
    text: 'The publish function cannot read records of the profile table. They are in the bucket of failed batches',
  },
  EventsCapped: {
    metric: countedBy(stitch, 'stitch', stitchMetric.capped),
    text: 'Profiles reached a cap or the breaker. Their events are in the quarantine; the identity log has the decisions',
  },
  TraitsNotKept: {
    metric: countedBy(stitch, 'stitch', stitchMetric.unkept),
    text: 'Profiles had no room for trait values. The lake has these values',
  },
});

const rawZoneTroubles = ({ events, rawZone, quarantine, identityLog }: FlowAlarmsProps): Troubles => ({
  RawZoneLate: late(rawZone, 'Events have waited in Firehose for more than 15 minutes to reach the raw zone'),
  RawZoneBehind: {
    metric: firehoseMetric(rawZone, 'KinesisMillisBehindLatest', 'max'),
    above: quarterOfAnHour.milliseconds,
    text: 'Firehose is more than 15 minutes behind the event stream',
  },
  RawZoneUnread: {
    metric: unread(
      events.metricIncomingRecords({ period, statistic: 'sum' }),
      firehoseMetric(rawZone, 'DataReadFromKinesisStream.Records', 'sum'),
    ),
    periods: 3,
    text: 'Firehose read no events for 15 minutes although events came in',
  },
  QuarantineLate: late(
    quarantine,
    'Rejected events have waited in Firehose for more than 15 minutes to reach the quarantine',
  ),
  IdentityLogLate: late(
    identityLog,
    'Identity decisions have waited in Firehose for more than 15 minutes to reach the identity log',
  ),
});

/** Age of the oldest record that Firehose has not yet written to S3. */
const late = (stream: CfnDeliveryStream, text: string): Omit<Trouble, 'runbook'> => ({
  metric: firehoseMetric(stream, 'DeliveryToS3.DataFreshness', 'max'),
  above: quarterOfAnHour.seconds,
  text,
});

const tableTroubles = ({ table, publish, changes, exports }: FlowAlarmsProps): Troubles => ({
  TableThrottled: {
    metric: sumOf(
      table.metric('ReadThrottleEvents', { period, statistic: 'sum' }),
      table.metric('WriteThrottleEvents', { period, statistic: 'sum' }),
    ),
    periods: 3,
    text: 'The profile table throttled reads or writes for 15 minutes',
  },
  ChangesWaiting: {
    metric: publish.metric('IteratorAge', { period, statistic: 'max' }),
    above: tenMinutes,
    text: 'Membership changes have waited for more than ten minutes to be published',
  },
  // Invocations cannot tell this: the mapping's filter skips most writes.
  ChangesUnread: {
    metric: unread(table.metricConsumedWriteCapacityUnits({ period, statistic: 'sum' }), polled(changes)),
    periods: 3,
    text: 'The publish function read nothing for 15 minutes although the profile table was written',
  },
  ...(exports !== undefined && {
    ExportsRefused: {
      metric: exports.metricRefusals(period),
      text: 'DynamoDB did not start the export of the profile table, so the lake is not compared with it',
    },
  }),
});
