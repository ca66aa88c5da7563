import { expect, it, vi } from 'vitest';
import { tallyAttempts, tellFailing, tellFailureRate } from '../../../lambdas/adapters/metrics/deliver-metrics.ts';
import { deliverMetric } from '../../../lambdas/core/contract/metrics.ts';

it('counts attempts by destination, and what alarms watch for all destinations together', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const tally = tallyAttempts('profiles', 'crm');
  tally({ delivered: 3, failed: 0, unlogged: 0 });
  tally({ delivered: 0, failed: 2, unlogged: 5 });
  tally({ delivered: 0, failed: 0, unlogged: 0 });
  tellFailing('profiles')(70);
  tellFailureRate('profiles')(40);
  const lines = log.mock.calls.map(([line]) => JSON.parse(line));
  log.mockRestore();
  vi.unstubAllEnvs();

  const own = { service: 'deliver', table: 'profiles', destination: 'crm' };
  const all = { service: 'deliver', table: 'profiles' };
  expect(lines).toMatchObject([
    { ...own, [deliverMetric.delivered]: 3 },
    { ...own, [deliverMetric.failed]: 2 },
    { ...all, [deliverMetric.unlogged]: 5 },
    { ...all, [deliverMetric.failing]: 70 },
    { ...all, [deliverMetric.failureRate]: 40 },
  ]);
  const dimensions = lines.map(({ _aws }) => _aws.CloudWatchMetrics[0].Dimensions[0].toSorted());
  expect(dimensions).toEqual([
    ...Array(2).fill(['destination', 'service', 'table']),
    ...Array(3).fill(['service', 'table']),
  ]);
});
