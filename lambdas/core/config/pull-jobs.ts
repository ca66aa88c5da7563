import type { Egress } from '../destinations/egress.ts';
import type { DatabaseSource } from '../sources/database.ts';
import type { PullSource } from '../sources/pull.ts';
import { notScheduled } from '../sources/schedule.ts';
import type { CdpConfig } from './config.ts';

/** A source whose API a job reads. */
export type PulledSource = PullSource;

/** The sources whose APIs jobs read. */
export const pullsIn = (sources: CdpConfig['sources']): PulledSource[] =>
  sources.filter((source): source is PulledSource => source.kind === 'pull');

/** What the job of one source is told: what it reads and how, and no mappings, which `import` has. It has no secret. */
export function pullJob({ objects, defaultCountry: _, ...source }: PulledSource, egress: Egress): string {
  const read = objects.map(({ mappings: __, ...object }) => object);
  return JSON.stringify({ ...source, objects: read, egress });
}

export type { DatabaseSource } from '../sources/database.ts';

/** The sources whose databases jobs read. */
export const databasesIn = (sources: CdpConfig['sources']): DatabaseSource[] =>
  sources.filter((source): source is DatabaseSource => source.kind === 'database');

/** What the job of one database is told: how it is read, and no mappings, which `import` has. It has no password. */
export function databaseJobOf({ objects, defaultCountry: _, ...source }: DatabaseSource): string {
  const read = objects.map(({ mappings: __, ...object }) => object);
  return JSON.stringify({ ...source, objects: read });
}

/** When the job of a source starts by itself; undefined if only somebody starts it. */
export const scheduleOf = ({ schedule }: PulledSource | DatabaseSource): string | undefined =>
  schedule === notScheduled ? undefined : schedule;
