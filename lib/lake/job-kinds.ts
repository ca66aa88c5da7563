import type { JobName } from '../../lambdas/core/contract/jobs.ts';
import { lakeMetric, loadMetric, metricNamespace } from '../../lambdas/core/contract/metrics.ts';
import { importPrefix, lakePrefix } from '../../lambdas/core/contract/storage.ts';

/** What a job of the lake needs, independent of its size. */
export interface JobKind {
  readonly description: string;
  /** Prefixes of the lake that the job reads in addition to tables. */
  readonly reads: readonly string[];
  /** Prefixes as a whole that the job lists, which may have nothing. */
  readonly lists?: readonly string[];
  /** Whether it reads a version of an object that may not be the latest. */
  readonly readsVersions?: boolean;
  /** Prefixes of the lake that the job writes files to. */
  readonly writes?: readonly string[];
  /** Whether the job puts events on the event stream. */
  readonly tells: boolean;
  /** Whether it asks the list of barriers who is kept out. */
  readonly asks?: boolean;
  /** The argument that names the job's own metric, if it has one. */
  readonly counts?: Readonly<Record<string, string>>;
  /** Python packages that this job imports and Glue lacks, by their names in `glue-scripts/requirements.txt`. */
  readonly packages: readonly string[];
}

/** The arguments by which a job counts what came from a source, and what failed. */
export const loadsCounted = {
  '--read-metric': `${metricNamespace}/${loadMetric.read}`,
  '--failed-metric': `${metricNamespace}/${loadMetric.failed}`,
} as const;

const graph = ['phonenumbers', 'scipy'];

/** The jobs of the lake. */
export const jobKinds: Readonly<Record<JobName, JobKind>> = {
  events: {
    description: 'Cleans raw events into typed events and rejected lines',
    reads: [lakePrefix.raw],
    tells: false,
    asks: true,
    packages: ['maxminddb', 'phonenumbers', 'ua-parser', 'ua-parser-builtins'],
  },
  identities: {
    description: 'Rebuilds the identity graph from all events and the identity log',
    reads: [lakePrefix.identityLog],
    tells: false,
    asks: true,
    packages: graph,
  },
  profiles: {
    description: 'Makes one row for each live person and account, and compares the profile table with them',
    reads: [lakePrefix.exports, lakePrefix.raw],
    tells: true,
    asks: true,
    packages: graph,
  },
  histories: {
    description: 'Gathers the events of each person that new segments and computed traits need',
    reads: [lakePrefix.raw],
    writes: [lakePrefix.histories],
    tells: false,
    packages: ['phonenumbers'],
  },
  matches: {
    description: 'Finds people who share no identifier and are probably one person',
    reads: [],
    tells: true,
    asks: true,
    packages: [...graph, 'splink', 'sqlglot'],
  },
  marts: {
    description:
      'Makes sessions, activity, RFM, revenue, funnels, attribution, memberships, customer 360 and deliveries',
    reads: [lakePrefix.attempts],
    tells: false,
    counts: { '--silent-metric': `${metricNamespace}/${lakeMetric.silent}` },
    packages: [],
  },
  queries: {
    description: 'Asks queries, and tells what changed in their answers',
    reads: [importPrefix.rows],
    writes: [importPrefix.rows, importPrefix.states, importPrefix.staged],
    tells: false,
    counts: { ...loadsCounted, '--asking-metric': `${metricNamespace}/${lakeMetric.asking}` },
    packages: [],
  },
  records: {
    description: 'Compares records of sources with their last versions, and tells what changed',
    reads: [importPrefix.rows],
    lists: [importPrefix.rows],
    writes: [importPrefix.rows, importPrefix.states, importPrefix.staged],
    tells: false,
    counts: {
      '--asking-metric': `${metricNamespace}/${lakeMetric.asking}`,
      '--failed-metric': loadsCounted['--failed-metric'],
    },
    packages: [],
  },
  files: {
    description: 'Splits large files into pieces, which are then sent',
    reads: [importPrefix.files],
    readsVersions: true,
    writes: [importPrefix.rows, importPrefix.states, importPrefix.staged, importPrefix.summaries],
    tells: false,
    counts: loadsCounted,
    packages: [],
  },
  maintain: {
    description: 'Erases people from tables, compacts them, and removes old snapshots and unused files',
    reads: [],
    writes: [lakePrefix.erasures],
    tells: false,
    asks: true,
    packages: graph,
  },
};
