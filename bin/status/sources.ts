import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { config } from '../../cdp.config.ts';
import { metricsOfSource } from '../../lambdas/adapters/metrics/collect-metrics.ts';
import { importMetric, metricNamespace } from '../../lambdas/core/contract/metrics.ts';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import { resourceNamed } from '../deployment/stack-resources.ts';
import type { Surroundings } from './readings.ts';
import { type Finding, span } from './report.ts';

interface Declared {
  readonly id: string;
  readonly kind: string;
}

/** Which function takes in a source, and what it counts as taken and as refused. */
interface Counted {
  readonly service: 'collect' | 'import' | 'topics';
  /** Part of the function's name in the stack. */
  readonly text: string;
  readonly what: 'events' | 'rows';
  readonly taken: string;
  readonly refused: readonly string[];
}

const nameOf = Object.fromEntries(metricsOfSource) as Record<(typeof metricsOfSource)[number][0], string>;
const ofCalls = { what: 'events', taken: nameOf.accepted, refused: [nameOf.invalid, nameOf.tooLarge] } as const;
const ofRows = { what: 'rows', taken: importMetric.sent, refused: [importMetric.quarantined] } as const;

function countedFor({ id, kind }: Declared): Counted {
  if (kind === 'kafka') return { ...ofRows, service: 'topics', text: `Topics${pascalCase(id)}Take`, what: 'events' };
  const isCalled = ['browser', 'server', 'batch', 'webhook'].includes(kind);
  return isCalled
    ? { ...ofCalls, service: 'collect', text: 'IngestCollect' }
    : { ...ofRows, service: 'import', text: 'ImportsTake' };
}

const hour = 3_600_000;
const day = 24 * hour;
/** Milliseconds to look back. */
const lookedBack = 7 * day;
/** More refused events or rows of a day than this share are wrong, if there are more than a few. */
const share = 0.1;
const few = 100;

/** What came from each source in the last day, how much of it was refused, and since when nothing came. */
export async function sources(
  surroundings: Surroundings,
  declared: readonly Declared[] = config.sources,
): Promise<Finding[]> {
  const client = new CloudWatchClient(surroundings.where);
  return Promise.all(declared.map((source) => stateOf(source, client, surroundings)));
}

async function stateOf(
  source: Declared,
  client: CloudWatchClient,
  { resources, now }: Pick<Surroundings, 'resources' | 'now'>,
): Promise<Finding> {
  const part = `source ${source.id}`;
  const { service, text, what, taken, refused } = countedFor(source);
  const name = resourceNamed(resources, 'AWS::Lambda::Function', text)?.physicalId;
  if (name === undefined) return { part, state: 'is not in the stack', wrong: 'deploy cdp.config.ts' };
  const queries = [taken, ...refused].map(
    (MetricName, n): MetricDataQuery => ({
      Id: `m${n}`,
      MetricStat: {
        Metric: {
          Namespace: metricNamespace,
          MetricName,
          Dimensions: Object.entries({ service, function: name, source: source.id }).map(([Name, Value]) => ({
            Name,
            Value,
          })),
        },
        Period: hour / 1000,
        Stat: 'Sum',
      },
    }),
  );
  const { MetricDataResults: results = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - lookedBack),
      EndTime: new Date(now),
      MetricDataQueries: queries,
    }),
  );
  const counts = queries.map(({ Id }) => {
    const { Timestamps = [], Values = [] } = results.find((result) => result.Id === Id) ?? {};
    return Timestamps.map((at, n) => ({ at: at.getTime(), count: Values[n] ?? 0 })).filter(({ count }) => count > 0);
  });
  const inDay = (all: typeof counts): number =>
    all.flat().reduce((sum, { at, count }) => (at + hour > now - day ? sum + count : sum), 0);
  const [came = [], ...put] = counts;
  return { part, ...judged({ what, came: inDay([came]), put: inDay(put), since: sinceLast(came, now) }) };
}

/** Milliseconds since the end of the last hour in which something came. */
const sinceLast = (came: readonly { readonly at: number }[], now: number): number | undefined =>
  came.length === 0 ? undefined : Math.max(0, now - Math.max(...came.map(({ at }) => at)) - hour);

interface Counts {
  readonly what: string;
  readonly came: number;
  readonly put: number;
  readonly since: number | undefined;
}

function judged({ what, came, put, since }: Counts): Omit<Finding, 'part'> {
  const refused = put > 0 ? `, ${put} refused` : '';
  const last = since === undefined ? `no ${what} in 7 days` : lastText(since);
  const isWrong = put > few && put > share * (came + put);
  return {
    state: `${came} ${what} in 24 h${refused}; ${last}`,
    wrong: isWrong ? `${Math.round((100 * put) / (came + put))} % were refused: see the quarantine` : undefined,
  };
}

const lastText = (since: number): string =>
  since === 0 ? 'the last within an hour' : `the last more than ${span(since)} ago`;
