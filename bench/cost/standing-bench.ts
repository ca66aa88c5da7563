import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { config } from '../../cdp.config.ts';
import { CdpStack } from '../../lib/platform/cdp-stack.ts';
import type { CustomerDataPlatformProps } from '../../lib/platform/platform-props.ts';
import type { Bench } from '../report/bench.ts';
import {
  type CostedTemplate,
  difference,
  differences,
  dollars,
  type StandingCost,
  standingCosts,
  total,
} from './standing.ts';

/** Reads what the shipped template costs with no events. */
export const standing: Bench = {
  name: 'standing',
  about: 'what the shipped template costs a month with no events, and what one more destination and matching add',
  run: async () => {
    const { costs, oneMore, oneMoreBy, matching } = shippedCosts();
    const rows = [...costs, total(costs)].map((cost) => [cost.what, dollars(cost)]);
    const by = oneMoreBy.map((cost) => `${cost.what} $${dollars(cost)}`).join(', ');
    const notes = [`One more destination: $${dollars(oneMore)} (${by}). Matching: $${dollars(matching)}.`];
    return {
      tables: [{ title: 'Dollars a month, us-east-1, with no events', columns: ['what', '$'], rows, notes }],
      data: { costs, oneMore, oneMoreBy, matching },
    };
  },
};

/** The costs of the template as it is shipped, and what one more destination and the job `matches` add. */
export function shippedCosts() {
  const costs = costsOf({ config });
  const segments = [config.segments?.[0]?.key ?? ''];
  const destinations = [...(config.destinations ?? []), { id: 'one-more', kind: 'webhook' as const, segments }];
  const identity = { ...config.identity, matching: { traits: { given_name: 'first_name', surname: 'last_name' } } };
  const withOneMore = costsOf({ config: { ...config, destinations } });
  return {
    costs,
    oneMore: difference(withOneMore, costs),
    oneMoreBy: differences(withOneMore, costs),
    matching: difference(costsOf({ config: { ...config, identity } }), costs),
  };
}

/** What a template costs, its nested stacks included; functions are not bundled, which says nothing about that. */
function costsOf(props: CustomerDataPlatformProps): StandingCost[] {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  new CdpStack(app, 'Cdp', props);
  const { directory } = app.synth();
  const files = readdirSync(directory).filter((file) => file.endsWith('.template.json'));
  const templates = files.map((file) => JSON.parse(readFileSync(join(directory, file), 'utf8')) as CostedTemplate);
  rmSync(directory, { recursive: true });
  // Nested stacks repeat logical ids.
  const resources = templates.flatMap(({ Resources }, n) =>
    Object.entries(Resources).map(([id, resource]) => [`${n}/${id}`, resource] as const),
  );
  return standingCosts({ Resources: Object.fromEntries(resources) });
}
