import { Duration, NestedStack } from 'aws-cdk-lib';
import { type Alarm, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { type WatchedSource, watchedSources } from '../../lambdas/core/config/watched-sources.ts';
import { collectedMetric, importMetric, loadMetric, metricNamespace } from '../../lambdas/core/contract/metrics.ts';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import type { Imports } from '../imports/imports.ts';
import type { Topics } from '../imports/topics.ts';
import { raise, raiseOnSilence } from './alarm.ts';

/** The sources, and what counts what comes from them. */
export interface SourceAlarmsProps {
  readonly topic: ITopic;
  readonly sources: CdpConfig['sources'];
  /** The Glue database, by which loads are counted. */
  readonly database: string;
  /** Takes in calls and what vendors post. */
  readonly collect: IFunction;
  /** Undefined if no source has rows. */
  readonly imports: Pick<Imports, 'take'> | undefined;
  /** What reads topics of Kafka, by the source's id. */
  readonly topics: ReadonlyMap<string, Pick<Topics, 'take'>>;
}

/** Alarms of the sources; none if no source has one. */
export function sourceAlarmsOf(scope: Construct, id: string, props: SourceAlarmsProps): readonly Alarm[] {
  const watched = watchedSources(props.sources).filter(
    ({ expected, refusedShare }) => expected !== undefined || refusedShare !== undefined,
  );
  return watched.length === 0 ? [] : new SourceAlarms(scope, id, { ...props, watched }).all;
}

const hour = Duration.hours(1);

/** Which metrics say what of a source was taken and refused. */
interface Counted {
  readonly taken: readonly Metric[];
  readonly refused: readonly Metric[];
}

/**
 * Rings when nothing came from a source for as long as it says, when too much of what came was refused, and when a load
 * failed. A nested stack, because a template holds 500 resources.
 */
class SourceAlarms extends NestedStack {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: SourceAlarmsProps & { readonly watched: readonly WatchedSource[] }) {
    super(scope, id, { description: 'Alarms of the sources of the customer data platform' });
    this.all = props.watched.flatMap((source) => this.of(source, props));
  }

  private of(source: WatchedSource, props: SourceAlarmsProps): Alarm[] {
    const at = new Construct(new Construct(this, pascalCase(source.id)), 'Alarms');
    return [...silenceOf(at, source, props), ...refusalsOf(at, source, props), ...failuresOf(at, source, props)];
  }
}

function silenceOf(at: Construct, source: WatchedSource, props: SourceAlarmsProps): Alarm[] {
  const { id, expected } = source;
  if (expected === undefined) return [];
  const { every, minutes, step } = expected;
  return [
    raiseOnSilence(at, props.topic, 'Silent', {
      metric: cameFrom(source, props).with({ period: Duration.minutes(step) }),
      periods: minutes / step,
      text: `Nothing came from the source ${id} for ${every}, although it should`,
      runbook: 'sourcesilent',
    }),
  ];
}

function refusalsOf(at: Construct, source: WatchedSource, props: SourceAlarmsProps): Alarm[] {
  const { refusedShare, refusedFrom } = source;
  if (refusedShare === undefined) return [];
  const percent = Number((refusedShare * 100).toFixed(2));
  return [
    raise(at, props.topic, 'Refused', {
      metric: percentOf(countedOf(source, props), refusedFrom),
      above: percent,
      text: `More than ${percent} percent of what came from the source ${source.id} in an hour was refused`,
      runbook: 'sourcerefused',
    }),
  ];
}

function failuresOf(at: Construct, source: WatchedSource, props: SourceAlarmsProps): Alarm[] {
  if (!source.hasLoads) return [];
  return [
    raise(at, props.topic, 'Failed', {
      metric: loadsOf(source.id, loadMetric.failed, props),
      text: `A load of the source ${source.id} failed, or was refused as a whole`,
      runbook: 'sourcefailed',
    }),
  ];
}

const loadsOf = (source: string, metricName: string, { database }: Pick<SourceAlarmsProps, 'database'>): Metric =>
  new Metric({
    namespace: metricNamespace,
    metricName,
    dimensionsMap: { database, source },
    statistic: 'sum',
    period: hour,
  });

/** What a function counts of a source. */
const countedOfSource = (fn: IFunction, service: string, source: string) => (metricName: string) =>
  new Metric({
    namespace: metricNamespace,
    metricName,
    dimensionsMap: { service, function: fn.functionName, source },
    statistic: 'sum',
    period: hour,
  });

const cameFrom = (source: WatchedSource, props: SourceAlarmsProps): Metric =>
  source.hasRows
    ? loadsOf(source.id, loadMetric.read, props)
    : countedOfSource(props.collect, 'collect', source.id)(collectedMetric.accepted);

function countedOf(source: WatchedSource, { collect, imports, topics }: SourceAlarmsProps): Counted {
  if (!source.hasRows) {
    const of = countedOfSource(collect, 'collect', source.id);
    return {
      taken: [of(collectedMetric.accepted)],
      refused: [of(collectedMetric.invalid), of(collectedMetric.tooLarge)],
    };
  }
  const take = topics.get(source.id)?.take;
  const readers = [
    ...(take === undefined ? [] : [countedOfSource(take, 'topics', source.id)]),
    ...(imports === undefined || !source.hasLoads ? [] : [countedOfSource(imports.take, 'import', source.id)]),
  ];
  return {
    taken: readers.map((of) => of(importMetric.sent)),
    refused: readers.map((of) => of(importMetric.quarantined)),
  };
}

/** Percent of what came that was refused; 0 where only a few were. A missing count is 0. */
function percentOf({ taken, refused }: Counted, from: number): MathExpression {
  const named = (name: string, metrics: readonly Metric[]) =>
    metrics.map((metric, n) => [`${name}${n}`, metric] as const);
  const metrics = [...named('taken', taken), ...named('refused', refused)];
  const filled = (given: readonly (readonly [string, Metric])[]): string =>
    given.map(([name]) => `FILL(${name}, 0)`).join(' + ');
  const put = filled(metrics.slice(taken.length));
  return new MathExpression({
    expression: `IF(${put} >= ${from}, 100 * (${put}) / (${filled(metrics)}), 0)`,
    usingMetrics: Object.fromEntries(metrics),
    period: hour,
    label: 'percent',
  });
}
