import { App, RemovalPolicy } from 'aws-cdk-lib';
import { config } from '../../../cdp.config.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';

/** The shipped app, once a team has decided that its data goes with the stack. */
new CdpStack(new App(), 'Cdp', { config, removalPolicy: RemovalPolicy.DESTROY });
