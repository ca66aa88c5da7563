import { expect, it, vi } from 'vitest';
import { functionMetrics } from '../../../lambdas/adapters/metrics/function-metrics.ts';
import { countSuppressed } from '../../../lambdas/adapters/metrics/suppressed-metrics.ts';

it('writes a line for each source, with its count, and none if nothing was stopped', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'Shop-1');
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const count = countSuppressed(functionMetrics('stitch'));
  count([]);
  count(['shop', 'crm', 'shop']);
  const lines = log.mock.calls.map(([line]) => JSON.parse(line));
  log.mockRestore();
  vi.unstubAllEnvs();
  expect(lines).toMatchObject([
    { source: 'shop', EventsSuppressed: 2 },
    { source: 'crm', EventsSuppressed: 1 },
  ]);
  expect(lines).toHaveLength(2);
});
