import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { trait } from '../../lambdas/core/segments/language/people.ts';
import { CustomerDataPlatform } from '../../lib/platform/customer-data-platform.ts';

const stack = new Stack(new App(), 'Shop');

const { ingest } = new CustomerDataPlatform(stack, 'CustomerData', {
  config: {
    sources: [{ id: 'website', kind: 'browser', writeKey: 'a-key-of-your-own' }],
    segments: [{ key: 'vips', name: 'Spent 1,000 or more', where: trait('lifetime_value').atLeast(1000) }],
    destinations: [{ id: 'mail', kind: 'webhook', segments: ['vips'] }],
  },
  requestsPerSecond: 200,
  alarmEmail: 'on-call@example.com',
});

new CfnOutput(stack, 'SendEventsTo', { value: ingest.url });
