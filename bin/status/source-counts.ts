import { CloudWatchClient, type MetricDataQuery, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import { collectedMetric, importMetric, loadMetric, metricNamespace } from '../../lambdas/core/contract/metrics.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import type { watchedIn } from '../../lambdas/operations/watched.ts';
import { importQueue, isOfImports, isOfTopics, resourceNamed } from '../deployment/stack-resources.ts';
import type { Surroundings } from './readings.ts';

/** What is looked at in a source. */
export type Watched = ReturnType<typeof watchedIn>[number];

/** What came from a source, and what waits. */
export interface SourceCounts {
  /** Rows that were read, or events that were accepted, in a day. */
  readonly came: number;
  /** Rows that were sent in a day; undefined for a source that calls. */
  readonly sent: number | undefined;
  readonly refused: number;
  /** Milliseconds since the end of the last hour in which something came; undefined if nothing came in a week. */
  readonly since: number | undefined;
  /** Records that wait in a topic, by the last quarter of an hour. */
  readonly waiting: number | undefined;
}

const hour = 3_600_000;
const day = 24 * hour;
const quarterOfAnHour = hour / 4;
/** Milliseconds to look back. */
const lookedBack = 7 * day;
/** Metrics that one request may ask for. */
const mostMetrics = 500;

interface Wish {
  readonly of: string;
  readonly what: 'came' | 'sent' | 'refused' | 'waiting' | 'age';
  readonly query: Omit<MetricDataQuery, 'Id'>;
}
interface Point {
  readonly at: number;
  readonly value: number;
}

/** How old the oldest message of the queue of imports is, in the wishes of nobody's source. */
const queue = '';

/** Counts of all sources by their ids, and the seconds for which the oldest file or piece of imports waits. */
export async function sourceCounts(
  sources: readonly Watched[],
  surroundings: Surroundings,
): Promise<{ readonly counts: ReadonlyMap<string, SourceCounts>; readonly oldest: number | undefined }> {
  const { where, now } = surroundings;
  const wishes = [...sources.flatMap((source) => wishesFor(source, surroundings)), ...queueWishes(surroundings)];
  const found = await pointsOf(wishes, where, now);
  const of = (id: string, what: Wish['what']): Point[] =>
    wishes.flatMap((wish, n) => (wish.of === id && wish.what === what ? (found.get(n) ?? []) : []));
  const inDay = (points: readonly Point[]): number =>
    points.reduce((sum, { at, value }) => (at + hour > now - day ? sum + value : sum), 0);
  const last = (points: readonly Point[]): number | undefined =>
    points.filter(({ at }) => at > now - quarterOfAnHour).sort((a, b) => b.at - a.at)[0]?.value;
  const counts = sources.map(({ id, hasRows }): [string, SourceCounts] => [
    id,
    {
      came: inDay(of(id, 'came')),
      sent: hasRows ? inDay(of(id, 'sent')) : undefined,
      refused: inDay(of(id, 'refused')),
      since: sinceLast(of(id, 'came'), now),
      waiting: last(of(id, 'waiting')),
    },
  ]);
  return { counts: new Map(counts), oldest: last(of(queue, 'age')) };
}

function sinceLast(came: readonly Point[], now: number): number | undefined {
  const times = came.flatMap(({ at, value }) => (value > 0 ? [at] : []));
  return times.length === 0 ? undefined : Math.max(0, now - Math.max(...times) - hour);
}

/** Asks for all metrics at once, and gives the points of each by its place in the list. */
async function pointsOf(wishes: readonly Wish[], where: object, now: number): Promise<Map<number, Point[]>> {
  const client = new CloudWatchClient(where);
  const found = new Map<number, Point[]>();
  for (let first = 0; first < wishes.length; first += mostMetrics) {
    const some = wishes.slice(first, first + mostMetrics);
    const MetricDataQueries = some.map(({ query }, n) => ({ ...query, Id: `m${first + n}` }));
    const asked = { StartTime: new Date(now - lookedBack), EndTime: new Date(now), MetricDataQueries };
    for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, asked))
      for (const { Id = '', Timestamps = [], Values = [] } of MetricDataResults) {
        const points = Timestamps.map((at, n) => ({ at: at.getTime(), value: Values[n] ?? 0 }));
        const place = Number(Id.slice(1));
        found.set(place, [...(found.get(place) ?? []), ...points]);
      }
  }
  return found;
}

const metric = (MetricName: string, by: object, more: { readonly Namespace?: string; readonly Stat?: string } = {}) => {
  const { Namespace = metricNamespace, Stat = 'Sum' } = more;
  const Dimensions = Object.entries(by).map(([Name, Value]) => ({ Name, Value: String(Value) }));
  const Period = Stat === 'Sum' ? hour / 1000 : 300;
  return { MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat } };
};

/** The function that takes in a source's calls, or sends its rows; undefined if it is not deployed. */
export const readerOf = ({ id, kind, hasRows }: Watched, { resources }: Surroundings) => {
  const ofKind = resources.filter((each) => (kind === 'kafka' ? isOfTopics(id, each) : isOfImports(each)));
  const service = kind === 'kafka' ? 'topics' : 'import';
  const [within, text] = hasRows ? [ofKind, 'Take'] : [resources, 'IngestCollect'];
  const name = resourceNamed(within, 'AWS::Lambda::Function', text)?.physicalId;
  return name === undefined ? undefined : { service: hasRows ? service : 'collect', function: name };
};

function wishesFor(source: Watched, surroundings: Surroundings): Wish[] {
  const { id: of, kind, hasRows } = source;
  const reader = readerOf(source, surroundings);
  if (reader === undefined) return [];
  const by = { ...reader, source: of };
  const lag = metric('OffsetLag', { FunctionName: reader.function }, { Namespace: 'AWS/Lambda', Stat: 'Maximum' });
  if (!hasRows)
    return [
      { of, what: 'came', query: metric(collectedMetric.accepted, by) },
      { of, what: 'refused', query: metric(collectedMetric.invalid, by) },
      { of, what: 'refused', query: metric(collectedMetric.tooLarge, by) },
    ];
  const database = surroundings.outputs[output.database] ?? '';
  return [
    { of, what: 'came', query: metric(loadMetric.read, { database, source: of }) },
    { of, what: 'sent', query: metric(importMetric.sent, by) },
    { of, what: 'refused', query: metric(importMetric.quarantined, by) },
    ...(kind === 'kafka' ? [{ of, what: 'waiting', query: lag } as const] : []),
  ];
}

function queueWishes({ resources }: Surroundings): Wish[] {
  const url = importQueue(resources)?.physicalId;
  if (url === undefined) return [];
  const by = { QueueName: url.slice(url.lastIndexOf('/') + 1) };
  const more = { Namespace: 'AWS/SQS', Stat: 'Maximum' };
  return [{ of: queue, what: 'age', query: metric('ApproximateAgeOfOldestMessage', by, more) }];
}
