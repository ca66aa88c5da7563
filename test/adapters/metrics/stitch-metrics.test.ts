import { expect, it, vi } from 'vitest';
import { functionMetrics } from '../../../lambdas/adapters/metrics/function-metrics.ts';
import { stitchMetrics } from '../../../lambdas/adapters/metrics/stitch-metrics.ts';

it('writes a line for what it is told, and nothing about anybody', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'Shop-1');
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const count = stitchMetrics(functionMetrics('stitch'));
  count({ quarantined: 3 });
  count({ capped: 2, contended: 1 });
  const lines = log.mock.calls.map(([line]) => JSON.parse(line));
  log.mockRestore();
  vi.unstubAllEnvs();

  expect(lines).toMatchObject([
    { service: 'stitch', function: 'Shop-1', EventsQuarantined: 3 },
    { service: 'stitch', EventsCapped: 2, EventsContended: 1 },
  ]);
  expect(lines[0]._aws.CloudWatchMetrics[0].Dimensions).toEqual([['service', 'function']]);
  expect(lines[1]).not.toHaveProperty('EventsQuarantined');
});
