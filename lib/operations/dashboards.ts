import { Duration, NestedStack } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, type IWidget, Metric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { deliverMetric, forwardMetric, metricNamespace, tendMetric } from '../../lambdas/core/contract/metrics.ts';
import type { Destination } from '../activation/destination.ts';
import type { Forwarding } from '../activation/forwarding.ts';
import { deliveryMetric } from '../blocks/delivery-metric.ts';
import type { HandlerFunction } from '../blocks/handler-function.ts';

/** What the dashboards show. */
export interface DashboardsProps {
  readonly events: Stream;
  readonly table: ITable;
  readonly collect: HandlerFunction;
  readonly stitch: HandlerFunction;
  readonly tend: HandlerFunction;
  readonly publish: HandlerFunction;
  /** Undefined if no destination receives events. */
  readonly forwarding: Forwarding | undefined;
  /** By the destination's id. */
  readonly destinations: ReadonlyMap<string, Destination>;
}

/**
 * A dashboard may show 500 metrics. Each destination has four, and the platform some twenty on the first one. A
 * template has 200 parameters, and each destination needs two: the names of its queues.
 */
const destinationsEach = 80;
/** Destinations in one graph; more lines cannot be told apart. */
const linesEach = 20;
const period = Duration.minutes(5);
const size = { width: 12, height: 6 };

/**
 * Dashboards of CloudWatch: the way of events and changes through the platform, and each destination's deliveries,
 * failures, oldest message and dead letters. One for every 80 destinations.
 */
export class Dashboards extends Construct {
  readonly all: readonly Dashboard[];

  constructor(scope: Construct, id: string, props: DashboardsProps) {
    super(scope, id);
    const entries = [...props.destinations];
    const parts = chunks(entries, destinationsEach);
    this.all = (parts.length === 0 ? [[]] : parts).map((part, at) => {
      const own = at === 0 ? platformWidgets(props) : [];
      const widgets = [...own, ...chunks(part, linesEach).flatMap((some) => destinationWidgets(some, props.table))];
      // A stack of its own, because the platform's template has no room for hundreds of metrics.
      const nested = new NestedStack(this, `Part${at + 1}`, {
        description: `Dashboard ${at + 1} of the customer data platform`,
      });
      return new Dashboard(nested, 'Dashboard', { widgets: chunks(widgets, 2) });
    });
  }
}

const chunks = <Each>(all: readonly Each[], size: number): Each[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));

const graph = (title: string, left: IMetric[]): IWidget => new GraphWidget({ title, left, ...size });

function platformWidgets({ events, table, collect, stitch, tend, publish, forwarding }: DashboardsProps): IWidget[] {
  const sum = { period, statistic: 'sum' };
  const max = { period, statistic: 'max' };
  const tended = (metricName: string, statistic: string) => counted(tend, 'tend', metricName, statistic);
  const forward = forwarding?.forward;
  return [
    graph('Ingestion: records of the event stream, throttled writes, errors of collect', [
      events.metricIncomingRecords(sum),
      events.metricWriteProvisionedThroughputExceeded(sum),
      collect.metricErrors(sum),
    ]),
    graph('Behind the streams, milliseconds: stitch, publish, forward', [
      stitch.metric('IteratorAge', { ...max, label: 'stitch' }),
      publish.metric('IteratorAge', { ...max, label: 'publish' }),
      ...(forward ? [forward.metric('IteratorAge', { ...max, label: 'forward' })] : []),
    ]),
    graph('Stitch: duration, errors, throttled reads and writes of the table', [
      stitch.metricDuration({ period, statistic: 'p99' }),
      stitch.metricErrors(sum),
      table.metric('ReadThrottleEvents', sum),
      table.metric('WriteThrottleEvents', sum),
    ]),
    graph('Due profiles: seconds that the oldest has waited, woken, failed', [
      tended(tendMetric.lag, 'max'),
      tended(tendMetric.woken, 'sum'),
      tended(tendMetric.failed, 'sum'),
    ]),
    graph('Publish: invocations, errors', [publish.metricInvocations(sum), publish.metricErrors(sum)]),
    graph('All destinations: seconds of failing, percent of calls that failed, rows not logged', [
      deliveryMetric(table, deliverMetric.failing, max),
      deliveryMetric(table, deliverMetric.failureRate, max),
      deliveryMetric(table, deliverMetric.unlogged, sum),
      ...(forward ? [counted(forward, 'forward', forwardMetric.forwarded, 'sum')] : []),
    ]),
  ];
}

/** Four graphs for some destinations. Those of queues are free metrics of SQS. */
function destinationWidgets(some: readonly (readonly [string, Destination])[], table: ITable): IWidget[] {
  const names = some.length === 1 ? some[0]?.[0] : `${some[0]?.[0]} to ${some.at(-1)?.[0]}`;
  const each = (metric: (id: string, destination: Destination) => Metric): Metric[] =>
    some.map(([id, destination]) => metric(id, destination).with({ label: id, period }));
  const told = (metricName: string) => (destination: string) =>
    deliveryMetric(table, metricName, { period, statistic: 'sum' }, destination);
  const heading = new TextWidget({
    markdown: `## ${names}\nReasons and latencies: \`npm run deliveries\``,
    width: 24,
    height: 2,
  });
  return [
    heading,
    new TextWidget({ markdown: '', width: 24, height: 1 }),
    graph('Delivered', each(told(deliverMetric.delivered))),
    graph('Failed attempts', each(told(deliverMetric.failed))),
    graph(
      'Age of the oldest message, seconds',
      each((_, { queue }) => queue.metricApproximateAgeOfOldestMessage({ statistic: 'max' })),
    ),
    graph(
      'Dead letters',
      each((_, { deadLetters }) => deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'max' })),
    ),
  ];
}

/** A metric that a function counts itself. */
const counted = ({ functionName }: HandlerFunction, service: string, metricName: string, statistic: string): Metric =>
  new Metric({
    namespace: metricNamespace,
    metricName,
    dimensionsMap: { service, function: functionName },
    statistic,
    period,
  });
