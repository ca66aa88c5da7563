import { readFileSync } from 'node:fs';
import { App, RemovalPolicy } from 'aws-cdk-lib';
import { config } from '../../../cdp.config.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';

/** The example's deployment with other settings: those in the file that the environment names. */
const others = JSON.parse(readFileSync(process.env.CONFIGURATION ?? '', 'utf8')) as object;

new CdpStack(new App(), 'Cdp', { config: { ...config, ...others }, removalPolicy: RemovalPolicy.DESTROY });
