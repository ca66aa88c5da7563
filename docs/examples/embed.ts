import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { trait } from '../../lambdas/core/condition.ts';
import { CustomerDataPlatform } from '../../lib/customer-data-platform.ts';

const stack = new Stack(new App(), 'Shop');

const { ingest, alarms } = new CustomerDataPlatform(stack, 'CustomerData', {
  config: {
    sources: [{ id: 'website', kind: 'browser', writeKey: 'a-key-of-your-own' }],
    segments: [{ key: 'vips', name: 'Spent 1,000 or more', where: trait('lifetime_value').atLeast(1000) }],
    destinations: [{ id: 'mail', kind: 'webhook', segments: ['vips'] }],
  },
  requestsPerSecond: 200,
});

const onCall = new Topic(stack, 'OnCall', { enforceSSL: true });
for (const alarm of alarms.all) alarm.addAlarmAction(new SnsAction(onCall));

new CfnOutput(stack, 'SendEventsTo', { value: ingest.url });
