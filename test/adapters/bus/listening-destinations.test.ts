import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { expect, it } from 'vitest';
import { listeningDestinations } from '../../../lambdas/adapters/bus/listening-destinations.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const client = mockClient(EventBridgeClient);

it('reads from all rules of the bus who listens, and passes over others', async () => {
  const pattern = (detail: object) => ({ EventPattern: JSON.stringify({ source: ['cdp.segments'], detail }) });
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
