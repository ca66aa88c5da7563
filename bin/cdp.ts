import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { config } from '../cdp.config.ts';
import { CdpStack } from '../lib/cdp-stack.ts';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
new CdpStack(app, 'Cdp', { config });
