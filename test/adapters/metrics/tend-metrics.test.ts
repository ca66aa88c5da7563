import { expect, it, vi } from 'vitest';
import { functionMetrics } from '../../../lambdas/adapters/metrics/function-metrics.ts';
import { tendMetrics } from '../../../lambdas/adapters/metrics/tend-metrics.ts';

it('tells the lag whatever it is, and counts that are not zero', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'Shop-1');
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const tell = tendMetrics(functionMetrics('tend'));
  tell({ lag: 0 });
  tell({ woken: 0, failed: 0 });
  tell({ woken: 3, failed: 0 });
  tell({ woken: 0, failed: 2 });
  const lines = log.mock.calls.map(([line]) => JSON.parse(line));
  log.mockRestore();
  vi.unstubAllEnvs();

  expect(lines).toMatchObject([
    { service: 'tend', function: 'Shop-1', DueLag: 0 },
    { service: 'tend', ProfilesWoken: 3 },
    { service: 'tend', WakesFailed: 2 },
  ]);
  expect(lines.map((line) => line._aws.CloudWatchMetrics[0].Dimensions)).toEqual(
    Array.from({ length: 3 }, () => [['service', 'function']]),
  );
  expect(lines[1]).not.toHaveProperty('WakesFailed');
  expect(lines[2]).not.toHaveProperty('ProfilesWoken');
});
