import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { alarmEmail, config } from '../cdp.config.ts';
import { CdpStack } from '../lib/cdp-stack.ts';
import { orTellFault } from '../lib/config-fault.ts';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
orTellFault(() => {
  new CdpStack(app, 'Cdp', { config, ...(alarmEmail !== undefined && { alarmEmail }) });
});
