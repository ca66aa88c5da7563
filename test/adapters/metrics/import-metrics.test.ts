import { expect, it, vi } from 'vitest';
import { loadMetrics } from '../../../lambdas/adapters/metrics/import-metrics.ts';

it('counts loads by database and source alone, as jobs do', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const count = loadMetrics('shop_lake');
  count('crm', { rows: 7 });
  count('erp', { failed: 1 });
  const lines = log.mock.calls.map(([line]) => JSON.parse(line));
  log.mockRestore();
  vi.unstubAllEnvs();
  expect(lines).toMatchObject([
    { database: 'shop_lake', source: 'crm', RowsRead: 7 },
    { database: 'shop_lake', source: 'erp', LoadsFailed: 1 },
  ]);
  for (const { _aws } of lines) expect(_aws.CloudWatchMetrics[0].Dimensions).toEqual([['database', 'source']]);
});
