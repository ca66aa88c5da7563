import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { env } from '../../../lambdas/core/contract/environment.ts';
import { output } from '../../../lambdas/core/contract/outputs.ts';
import { defaultRetention, keptIn, type Retention } from '../../../lambdas/core/contract/retention.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import type { CustomerDataPlatformProps } from '../../../lib/platform/platform-props.ts';
import { at, ofType, type Template } from '../rules/template.ts';
import { synthesized } from '../unbundled.ts';

const silent = { ...config, destinations: [], segments: [] };

/** What functions of requests and operators read of how long a deployment keeps data: each once. */
function toldBy({ Resources, Outputs }: Template): Retention[] {
  const functions = ofType({ Resources }, 'Lambda::Function').flatMap(([, fn]) => {
    const text = at(fn, `Properties.Environment.Variables.${env.retention}`);
    return text === undefined ? [] : [String(text)];
  });
  const texts = [...functions, String(at(Outputs, `${output.retention}.Value`))];
  expect(texts).toHaveLength(3);
  return [...new Set(texts)].map(keptIn);
}

it('erasures wait for the times that a deployment sets, and for the defaults otherwise', () => {
  const set: Partial<CustomerDataPlatformProps> = {
    recoveryWindow: Duration.days(7),
    rawRetention: Duration.days(60),
    eventRetention: Duration.hours(36),
    logRetention: RetentionDays.ONE_WEEK,
  };
  const templates = synthesized((app) => {
    new CdpStack(app, 'Usual', { config: silent });
    new CdpStack(app, 'Set', { config: silent, ...set });
  });
  expect(toldBy(templates.Usual ?? { Resources: {} })).toEqual([defaultRetention]);
  expect(toldBy(templates.Set ?? { Resources: {} })).toEqual([
    { recoveryWindow: 7, rawRetention: 60, eventRetention: 1.5, logRetention: 7 },
  ]);
});
