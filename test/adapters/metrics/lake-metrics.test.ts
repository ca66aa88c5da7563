import { Metrics } from '@aws-lambda-powertools/metrics';
import { expect, it, vi } from 'vitest';
import { countEnd } from '../../../lambdas/adapters/metrics/lake-metrics.ts';

it('counts the end of a job by its database and itself and nothing else, as its alarm and the job do', () => {
  const written = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  countEnd('shop', 'maintain', new Metrics({ namespace: 'Test' }));
  const [line] = written.mock.calls.map(([text]) => JSON.parse(text));
  written.mockRestore();
  vi.unstubAllEnvs();
  expect(line._aws.CloudWatchMetrics).toEqual([
    { Namespace: 'Test', Dimensions: [['database', 'job']], Metrics: [{ Name: 'JobEnded', Unit: 'Count' }] },
  ]);
  expect(line).toMatchObject({ database: 'shop', job: 'maintain', JobEnded: 1 });
});
