import { expect, it } from 'vitest';
import { runCampaign } from './histories/campaign.ts';
import { sabotages } from './histories/sabotage.ts';

it.each(Object.entries(sabotages))('sees that %s', async (_name, sabotage) => {
  const { failures } = await runCampaign({ seed: 1, histories: 1000, maxFailures: 1, sabotage });
  expect(failures).toHaveLength(1);
});
