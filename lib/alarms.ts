import { Duration } from 'aws-cdk-lib';
import { type Alarm, type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { metricNamespace, stitchMetric } from '../lambdas/core/contract.ts';
import { raise } from './alarm.ts';
import type { Destination } from './destinations.ts';
import type { HandlerFunction } from './handler-function.ts';
import type { TableExports } from './table-exports.ts';

/** What is watched. */
export interface AlarmsProps {
  readonly events: Stream;
  readonly rawZone: CfnDeliveryStream;
  readonly publish: HandlerFunction;
  readonly functions: readonly HandlerFunction[];
  /** What reads streams for functions, and puts aside what they give up on. */
  readonly mappings: readonly EventSourceMapping[];
  readonly destinations: readonly Destination[];
  /** Who is told. */
  readonly topic: ITopic;
  /** @default - Nothing is exported. */
  readonly exports: TableExports | undefined;
}

const period = Duration.minutes(5);
const tenMinutes = 600_000;
/** Firehose counts in seconds. */
const quarterOfAnHour = 900;

/** What an operator must hear of: events or changes waiting too long, functions failing, batches and deliveries given up. Add actions to `all`. */
export class Alarms extends Construct {
  readonly all: Alarm[] = [];
  private readonly topic: ITopic;

  constructor(scope: Construct, id: string, { events, rawZone, publish, functions, mappings, destinations, exports, topic }: AlarmsProps) {
    super(scope, id);
    this.topic = topic;
    const eventAge = events.metricGetRecordsIteratorAgeMilliseconds({ period, statistic: 'max' });
    this.raise('EventsWaiting', eventAge, tenMinutes, 'Events wait more than ten minutes to be stitched');
    const refused = events.metricWriteProvisionedThroughputExceeded({ period, statistic: 'sum' });
    this.raise('StreamFull', refused, 0, 'The event stream took not all events at once, and needs more shards');
    this.raise('RawZoneLate', freshness(rawZone), quarterOfAnHour, 'Events wait more than 15 minutes for the raw zone');
    const changeAge = publish.metric('IteratorAge', { period, statistic: 'max' });
    this.raise('ChangesWaiting', changeAge, tenMinutes, 'Membership changes wait more than ten minutes to be published');
    this.raise(
      'EventsCapped',
      capped,
      0,
      'Profiles reached a cap or the breaker; the events are in quarantine and the decisions in the identity log',
    );
    this.raise('TraitsNotKept', unkept, 0, 'Profiles have no room for values that were said; the lake has them');
    for (const fn of functions) {
      const name = `${fn.node.scope?.node.id}${fn.node.id}`;
      this.raise(`${name}Failing`, fn.metricErrors({ period }), 0, `The function ${name} fails`);
    }
    for (const mapping of mappings) {
      const name = `${mapping.node.scope?.node.id}${mapping.node.id}`;
      this.raise(`${name}GivenUp`, givenUp(mapping), 0, `Records of ${name} were given up; they are in the bucket of failed batches`);
    }
    for (const { node, deadLetters } of destinations) {
      const waiting = deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'max' });
      this.raise(`${node.id}DeadLetters`, waiting, 0, `Deliveries to ${node.id} were given up`);
    }
    if (exports !== undefined)
      this.raise('ExportsRefused', exports.metricRefusals(period), 0, 'The profile table is not exported, and so not compared with the lake');
  }

  private raise(id: string, metric: IMetric, above: number, says: string): void {
    this.all.push(raise(this, this.topic, id, { metric, above, says, runbook: id.toLowerCase() }));
  }
}

/** Records whose retries were used up: a function that reports them one by one does not count as failing. */
const givenUp = ({ eventSourceMappingId }: EventSourceMapping): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName: 'OnFailureDestinationDeliveredEventCount',
    dimensionsMap: { EventSourceMappingUUID: eventSourceMappingId },
    statistic: 'sum',
    period,
  });

const countedByStitch = (metricName: string): Metric =>
  new Metric({ namespace: metricNamespace, metricName, dimensionsMap: { service: 'stitch' }, statistic: 'sum', period });

/** Events that a cap or the breaker kept out of a profile. */
const capped = countedByStitch(stitchMetric.capped);

/** Values of traits that are too large, or for which a profile has no room. */
const unkept = countedByStitch(stitchMetric.unkept);

/** Age of the oldest event that is not in the lake yet. */
const freshness = ({ ref }: CfnDeliveryStream): Metric =>
  new Metric({
    namespace: 'AWS/Firehose',
    metricName: 'DeliveryToS3.DataFreshness',
    dimensionsMap: { DeliveryStreamName: ref },
    statistic: 'max',
    period,
  });
