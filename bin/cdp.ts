import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { alarmEmail, config } from '../cdp.config.ts';
import { CdpStack } from '../lib/platform/cdp-stack.ts';
import { orTellFault } from '../lib/platform/config-fault.ts';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
orTellFault(() => {
  new CdpStack(app, 'Cdp', { config, ...(alarmEmail !== undefined && { alarmEmail }) });
});
