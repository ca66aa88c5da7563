import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { egressRefusal } from '../lambdas/adapters/egress/agents.ts';
import { hostAndPort } from '../lambdas/adapters/egress/route.ts';
import { parseDestinationSettings } from '../lambdas/adapters/secrets/destination-settings.ts';
import { readSecret } from '../lambdas/adapters/secrets/secret.ts';
import { destinationSettingsOutput } from '../lambdas/core/contract/outputs.ts';
import { type Deployment, deployedDestination, reach } from './deployment/deployed-stack.ts';
import { Misused, onlyOne, runCommand } from './terminal/command.ts';

const usage = `npm run destination -- <id> <url> [--secret <text>] [--allow-private <host:port>]… [--stack Cdp] [--local]
npm run destination -- <id> --from <ARN>   copies the settings of another secret, e.g. one that a deleted stack left

Sets the URL of a destination. It takes effect within a minute.
  --secret         signs each request: X-Signature is the hex HMAC-SHA1 of its body
  --allow-private  allows a receiver on a private address; may be repeated
  --stack          name of the deployed stack
  --local          the platform that npm start runs, instead of the AWS account of your credentials`;

const options = {
  from: { type: 'string' },
  secret: { type: 'string' },
  'allow-private': { type: 'string', multiple: true },
} as const;

await runCommand(
  usage,
  options,
  async ({ values: { from, secret, 'allow-private': allowedPrivateHosts = [], ...deployment }, positionals }) => {
    if (from !== undefined) {
      if (secret !== undefined || allowedPrivateHosts.length > 0)
        throw new Misused('--from copies all settings; give no others');
      return setDestination(
        onlyOne(positionals, 'the id of a destination'),
        await settingsAt(from, deployment),
        deployment,
      );
    }
    const [id, url, ...more] = positionals;
    if (id === undefined || url === undefined || more.length > 0)
      throw new Misused('give the id of a destination and its URL');
    return setDestination(id, { url, sharedSecret: secret, allowedPrivateHosts }, deployment);
  },
);

interface Settings {
  readonly url: string;
  readonly sharedSecret?: string | undefined;
  readonly allowedPrivateHosts: readonly string[];
}

async function settingsAt(secretId: string, { local }: Deployment): Promise<Settings> {
  return parseDestinationSettings(await readSecret(new SecretsManagerClient(reach(local)), secretId));
}

async function setDestination(destinationId: string, settings: Settings, deployment: Deployment): Promise<string> {
  const text = JSON.stringify(settings);
  parseDestinationSettings(text);
  await checkAddress(new URL(settings.url), settings.allowedPrivateHosts);
  const { where, outputs } = await deployedDestination(deployment, destinationId);
  const SecretId = outputs[destinationSettingsOutput(destinationId)];
  await new SecretsManagerClient(where).send(new PutSecretValueCommand({ SecretId, SecretString: text }));
  return `${destinationId} is at ${settings.url}`;
}

/**
 * Refuses a URL that every delivery would refuse.
 * @throws Error with the reason
 */
async function checkAddress(url: URL, allowedPrivateHosts: readonly string[]): Promise<void> {
  const refusal = await egressRefusal(url, allowedPrivateHosts);
  if (refusal === undefined) return;
  throw new Error(
    `every delivery to ${url.origin} would be refused: ${refusal}. For a receiver of your own, add --allow-private ${hostAndPort(url)}`,
  );
}
