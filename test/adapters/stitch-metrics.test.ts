import { Metrics } from '@aws-lambda-powertools/metrics';
import { expect, it, vi } from 'vitest';
import { stitchMetrics } from '../../lambdas/adapters/stitch-metrics.ts';

it('writes a line for what it is told, and nothing about anybody', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const count = stitchMetrics(new Metrics({ namespace: 'Test', serviceName: 'stitch' }));
  count({ quarantined: 3 });
  count({ capped: 2, contended: 1 });
  const lines = log.mock.calls.map(([line]) => JSON.parse(line));
  log.mockRestore();
  vi.unstubAllEnvs();

  expect(lines).toMatchObject([
    { service: 'stitch', EventsQuarantined: 3 },
    { service: 'stitch', EventsCapped: 2, EventsContended: 1 },
  ]);
  expect(lines[1]).not.toHaveProperty('EventsQuarantined');
});
