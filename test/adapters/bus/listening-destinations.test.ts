import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { listeningDestinations } from '../../../lambdas/adapters/bus/listening-destinations.ts';

it('reads from all rules of the bus who listens, and passes over others', async () => {
  const pattern = (detail: object) => ({ EventPattern: JSON.stringify({ source: ['cdp.segments'], detail }) });
  const client = mockClient(EventBridgeClient);
  client
    .on(ListRulesCommand, { NextToken: undefined })
    .resolves({ Rules: [pattern({ destinations: ['crm'] }), {}], NextToken: 'more' });
  client
    .on(ListRulesCommand, { NextToken: 'more' })
    .resolves({ Rules: [pattern({ segment: ['vip'] }), pattern({ destinations: ['mail'] })] });
  expect(await listeningDestinations(new EventBridgeClient({ region: 'us-east-1' }), 'segments')).toEqual([
    'crm',
    'mail',
  ]);
});
