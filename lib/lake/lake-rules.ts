import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CdpConfig, InvalidConfig } from '../../lambdas/core/config/config.ts';
import { declaredFiles, hasLargeFiles } from '../../lambdas/core/config/declared-files.ts';
import { declaredQueries, declaredRecords } from '../../lambdas/core/config/declared-records.ts';
import { columnFlaws } from '../../lambdas/core/lake/columns.ts';
import type { DeclaredTable } from '../../lambdas/core/lake/empty-table.ts';
import { aggregatesRead } from '../../lambdas/core/segments/program/aggregates-read.ts';
import { packingDictionary } from '../../lambdas/core/table/packing-dictionary.ts';
import { fieldName } from '../../lambdas/core/values/field-name.ts';

/** Folder of the jobs' code. */
export const glueScripts = fileURLToPath(new URL('../../glue-scripts', import.meta.url));

const tables = join(glueScripts, 'cdp', 'tables', 'declared');

/** Names of all tables that the jobs make, from the files that declare them. */
export const tableNames: readonly string[] = readdirSync(tables)
  .filter((file) => file.endsWith('.json'))
  .map((file) => basename(file, '.json'))
  .sort();

/** Columns of the table `events` without those that a deployment adds, and their types. */
const standardColumns = new Map(
  (
    JSON.parse(readFileSync(join(tables, 'events.json'), 'utf8')) as { columns: { name: string; type: string }[] }
  ).columns.map(({ name, type }) => [name, type]),
);

/**
 * The configuration that jobs receive: lake rules, default countries of sources, identity rules, survivorship,
 * segments, computed traits, the aggregates that segments read, the packing of profiles, the segments of each
 * destination, the keys and times of records, and queries. It contains no secrets.
 * @throws InvalidConfig when a rule refers to an unknown column or adds an existing one
 */
export function jobConfig({
  lake,
  sources,
  identity,
  survivorship,
  segments,
  traits,
  destinations,
}: CdpConfig): string {
  const flaws = columnFlaws(lake, standardColumns);
  if (flaws.length > 0)
    throw new InvalidConfig(flaws.map(({ path, message }) => `${fieldName(['lake', ...path])}: ${message}`));
  const countries = Object.fromEntries(
    sources.flatMap(({ id, defaultCountry }) => (defaultCountry === undefined ? [] : [[id, defaultCountry]])),
  );
  const { country, ...enrich } = lake.enrich;
  const database = country === undefined ? {} : { country: { database: basename(country.database) } };
  const defined = { segments, traits };
  return JSON.stringify({
    ...lake,
    records: declaredRecords(sources),
    queries: declaredQueries(sources),
    ...(hasLargeFiles({ sources }) && { files: declaredFiles(sources) }),
    enrich: { ...enrich, ...database },
    countries,
    identity,
    survivorship,
    segments,
    traits,
    reads: { users: aggregatesRead(defined, 'users'), accounts: aggregatesRead(defined, 'accounts') },
    packing: packingDictionary,
    destinations: destinations.map(({ id, segments: told }) => ({ id, segments: told })),
  });
}

/** Every table as the jobs declare it; `events` includes the columns that a deployment adds. */
export const declaredTables = ({ lake }: CdpConfig): DeclaredTable[] =>
  tableNames.map((name) => {
    const { comment, partition, columns } = JSON.parse(
      readFileSync(join(tables, `${name}.json`), 'utf8'),
    ) as DeclaredTable;
    const added = name === 'events' ? [...lake.columns.map(declaredColumn), ...lake.derive.map(derivedColumn)] : [];
    return {
      name,
      comment,
      partition,
      columns: [...columns, ...added].map(({ name, type, comment }) => ({ name, type, comment })),
    };
  });

const declaredColumn = ({ name, type, meaning }: CdpConfig['lake']['columns'][number]) => ({
  name,
  type,
  comment: meaning,
});

const derivedColumn = ({ column, kind, of }: CdpConfig['lake']['derive'][number]) => ({
  name: column,
  type: kind === 'sum' || kind === 'product' ? 'double' : 'string',
  comment: `Derived: ${kind} of ${of.join(', ')}`,
});
