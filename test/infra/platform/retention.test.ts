import { type App, Duration } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
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

describe('erasures that a deployment cannot complete in time', () => {
  const warned: Record<string, unknown[]> = {};
  const place = (app: App, id: string, props: Partial<CustomerDataPlatformProps>) => {
    const stack = new CdpStack(app, id, { config: silent, ...props });
    warned[id] = Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp('An erasure takes'))
      .map(({ entry }) => entry.data);
  };
  const strict = { ...silent, privacy: { gdprDays: 10, alarmDays: 3 } };

  it('are warned of at synthesis, with what keeps so long, and others are not', () => {
    synthesized((app) => {
      place(app, 'Usual', {});
      place(app, 'Month', { rawRetention: Duration.days(30) });
      place(app, 'Backups', { recoveryWindow: Duration.days(35), rawRetention: Duration.days(1) });
      place(app, 'Strict', { config: strict });
      const short = { rawRetention: Duration.days(5), recoveryWindow: Duration.days(5) };
      place(app, 'Kept', { config: strict, ...short, logRetention: RetentionDays.FIVE_DAYS });
    });
    expect(warned).toEqual({
      Usual: [],
      Month: [expect.stringMatching(/up to 34 days, because raw events stay so long \(rawRetention\), .* after 28/)],
      Backups: [expect.stringMatching(/up to 36 days, because .*backups stay so long \(recoveryWindow\)/)],
      Strict: [expect.stringMatching(/up to 25 days, .* after 10/)],
      Kept: [expect.stringMatching(/up to 22 days, because query results stay so long, .* after 10/)],
    });
  });
});
