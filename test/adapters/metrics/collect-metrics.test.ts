import { expect, it, vi } from 'vitest';
import { collectMetrics, countDamaged } from '../../../lambdas/adapters/metrics/collect-metrics.ts';
import { functionMetrics } from '../../../lambdas/adapters/metrics/function-metrics.ts';
import { collectMetric } from '../../../lambdas/core/contract/metrics.ts';

it('writes one line a request, with the source and what is not zero', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'Shop-1');
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const count = collectMetrics(functionMetrics('collect'));
  count('web', { accepted: 100, invalid: 0, tooLarge: 2, refused: 0, untimed: 3, unkept: 0 });
  count('backend', { accepted: 0, invalid: 0, tooLarge: 0, refused: 1, untimed: 0, unkept: 4 });
  countDamaged(functionMetrics('collect'))();
  const lines = log.mock.calls.map(([line]) => JSON.parse(line));
  log.mockRestore();
  vi.unstubAllEnvs();

  expect(lines).toMatchObject([
    { source: 'web', EventsAccepted: 100, EventsTooLarge: 2, EventsUntimed: 3 },
    { source: 'backend', RequestsRefused: 1 },
    { service: 'collect', function: 'Shop-1', [collectMetric.unkept]: 4 },
    { service: 'collect', function: 'Shop-1', [collectMetric.damaged]: 1 },
  ]);
  for (const line of lines.slice(2))
    expect(line._aws.CloudWatchMetrics[0].Dimensions).toEqual([['service', 'function']]);
  expect(lines[0]).not.toHaveProperty('EventsInvalid');
  expect(lines[1]).not.toHaveProperty('EventsAccepted');
  expect(lines[1]).not.toHaveProperty('EventsUntimed');
});
