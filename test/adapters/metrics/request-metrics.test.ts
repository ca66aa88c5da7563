import { expect, it, vi } from 'vitest';
import { functionMetrics } from '../../../lambdas/adapters/metrics/function-metrics.ts';
import { requestMetrics } from '../../../lambdas/adapters/metrics/request-metrics.ts';

it('tells how many requests are due, also that none is', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'Shop-1');
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const tell = requestMetrics(functionMetrics('requests'));
  tell(0);
  tell(3);
  const lines = log.mock.calls.map(([line]) => JSON.parse(line));
  log.mockRestore();
  vi.unstubAllEnvs();

  expect(lines).toMatchObject([
    { service: 'requests', function: 'Shop-1', RequestsDue: 0 },
    { service: 'requests', function: 'Shop-1', RequestsDue: 3 },
  ]);
});
