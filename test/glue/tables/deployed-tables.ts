import { config } from '../../../cdp.config.ts';
import { parseConfig } from '../../../lambdas/core/config/config.ts';
import { emptyTable } from '../../../lambdas/core/lake/empty-table.ts';
import { declaredTables, jobConfig } from '../../../lib/lake/lake-rules.ts';

/**
 * What a deployment with columns of its own gives the jobs, as JSON on stdout: its configuration, and each table's
 * metadata below a folder: `node test/glue/tables/deployed-tables.ts <folder>`.
 */
const [folder = ''] = process.argv.slice(2);
const types = ['string', 'bigint', 'double', 'decimal(18,4)', 'boolean', 'timestamp'] as const;
const columns = types.map((type, n) => ({
  name: `own_${n}`,
  type,
  from: `properties.own${n}`,
  meaning: `An own ${type}`,
}));
const decided = parseConfig({
  ...config,
  lake: { columns, derive: [{ kind: 'sum', column: 'made', of: ['own_1', 'own_2'] }] },
});
const tables = declaredTables(decided).map((table) => [
  table.name,
  emptyTable(table, { location: `${folder}/${table.name}`, uuid: crypto.randomUUID(), now: Date.now() }),
]);
console.log(JSON.stringify({ config: JSON.parse(jobConfig(decided)), tables: Object.fromEntries(tables) }));
