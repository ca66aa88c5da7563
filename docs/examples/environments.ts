import { App, Duration, type Environment, RemovalPolicy, Stage, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { config } from '../../cdp.config.ts';
import type { CdpConfigInput } from '../../lambdas/core/config/config.ts';
import { CdpStack } from '../../lib/platform/cdp-stack.ts';
import { orTellFault } from '../../lib/platform/config-fault.ts';
import type { CustomerDataPlatformProps } from '../../lib/platform/platform-props.ts';

/** Where an environment is, who sends to it, and what it has otherwise than by default. */
interface Differences extends Omit<CustomerDataPlatformProps, 'config'> {
  readonly env: Required<Environment>;
  readonly sources: CdpConfigInput['sources'];
}

const storefront = (writeKey: string): CdpConfigInput['sources'] => [{ id: 'storefront', kind: 'browser', writeKey }];

/** Goes with everything in it when its stack is deleted. */
const trial = { removalPolicy: RemovalPolicy.DESTROY, rawRetention: Duration.days(3), requestsPerSecond: 50 };

const environments: Record<string, Differences> = {
  dev: { env: { account: '111111111111', region: 'eu-west-1' }, sources: storefront('dev-write-key'), ...trial },
  staging: {
    env: { account: '222222222222', region: 'eu-west-1' },
    sources: storefront('staging-write-key'),
    ...trial,
  },
  production: {
    env: { account: '333333333333', region: 'eu-west-1' },
    sources: storefront('production-write-key'),
    shards: 2,
    alarmEmail: 'on-call@example.com',
  },
};

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
orTellFault(() => {
  for (const [name, { env, sources, ...differences }] of Object.entries(environments)) {
    const terminationProtection = differences.removalPolicy !== RemovalPolicy.DESTROY;
    new CdpStack(new Stage(app, name, { env }), 'Cdp', {
      config: { ...config, sources },
      terminationProtection,
      ...differences,
    });
  }
});
