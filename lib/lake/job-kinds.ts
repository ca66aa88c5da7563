import type { JobName } from '../../lambdas/core/contract/jobs.ts';
import { lakePrefix } from '../../lambdas/core/contract/storage.ts';

/** What a job of the lake is, whatever it runs on. */
export interface JobKind {
  readonly description: string;
  /** Prefixes of the lake that it reads besides tables. */
  readonly reads: readonly string[];
  /** Whether it puts events on the event stream. */
  readonly tells: boolean;
  /** Python packages that Glue does not bring and this job imports, as `glue-scripts/requirements.txt` names them. */
  readonly packages: readonly string[];
}

const graph = ['phonenumbers', 'scipy'];

/** The jobs of the lake. */
export const jobKinds: Readonly<Record<JobName, JobKind>> = {
  events: {
    description: 'Raw zone to typed events and rejected lines',
    reads: [lakePrefix.raw],
    tells: false,
    packages: ['maxminddb', 'phonenumbers', 'ua-parser', 'ua-parser-builtins'],
  },
  identities: {
    description: 'The identity graph, made again from all events and the identity log',
    reads: [lakePrefix.identityLog],
    tells: false,
    packages: graph,
  },
  profiles: {
    description: 'One row for each live person and account, and the comparison of the profile table with them',
    reads: [lakePrefix.exports, lakePrefix.raw],
    tells: true,
    packages: graph,
  },
  matches: {
    description: 'People who share no identifier and are probably one',
    reads: [],
    tells: true,
    packages: [...graph, 'splink', 'sqlglot'],
  },
  marts: {
    description: 'Sessions, activity, RFM, revenue, funnels, attribution, memberships and customer 360',
    reads: [],
    tells: false,
    packages: [],
  },
  maintain: {
    description: 'Compacts tables, and removes old snapshots and files that no table has',
    reads: [],
    tells: false,
    packages: [],
  },
};
