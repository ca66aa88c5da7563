import { App, CustomResource, RemovalPolicy } from 'aws-cdk-lib';
import { config } from '../../../cdp.config.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';

const app = new App();

new CdpStack(app, 'Trial', { config, removalPolicy: RemovalPolicy.DESTROY });

/**
 * Keeps its data, as by default, and cannot be deployed: what nobody makes is asked for late, when most of the rest is
 * there.
 */
const { platform } = new CdpStack(app, 'Failing', { config });
const broken = new CustomResource(platform.ingest, 'Broken', {
  serviceToken: 'arn:aws:lambda:us-east-1:000000000000:function:nobody',
});
broken.node.addDependency(platform.alarms, platform.analytics, platform.segments);
