import { type JobName, lakePrefix } from '../lambdas/core/contract.ts';

/** What a job of the lake is, whatever it runs on. */
export interface JobKind {
  readonly description: string;
  /** Prefixes of the lake that it reads besides tables. */
  readonly reads: readonly string[];
  /** Whether it puts events on the event stream. */
  readonly tells: boolean;
}

/** The jobs of the lake. */
export const jobKinds: Readonly<Record<JobName, JobKind>> = {
  events: { description: 'Raw zone to typed events and rejected lines', reads: [lakePrefix.raw], tells: false },
  identities: {
    description: 'The identity graph, made again from all events and the identity log',
    reads: [lakePrefix.identityLog],
    tells: false,
  },
  profiles: {
    description: 'One row for each live person and account, and the comparison of the profile table with them',
    reads: [lakePrefix.exports, lakePrefix.raw],
    tells: true,
  },
  matches: { description: 'People who share no identifier and are probably one', reads: [], tells: true },
  marts: {
    description: 'Sessions, activity, RFM, revenue, funnels, attribution, memberships and customer 360',
    reads: [],
    tells: false,
  },
  maintain: { description: 'Compacts tables, and removes old snapshots and files that no table has', reads: [], tells: false },
};
