import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, RemovalPolicy } from 'aws-cdk-lib';
import { config } from '../../../cdp.config.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';

const [file = ''] = process.argv.slice(2);

/** The example's deployment with other settings: those in the file, each in a folder of its name beside it. */
const configurations = JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>;
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };

for (const [name, others] of Object.entries(configurations)) {
  const app = new App({ outdir: join(dirname(file), name), context });
  new CdpStack(app, 'Cdp', { config: { ...config, ...others }, removalPolicy: RemovalPolicy.DESTROY });
  app.synth();
}
