import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseDestinationSettings } from '../lambdas/adapters/destination-settings.ts';
import { egressRefusal, hostAndPort } from '../lambdas/adapters/egress.ts';
import { destinationSettingsOutput } from '../lambdas/core/contract.ts';
import { Misused, runCommand } from './command.ts';
import { type Deployment, deployedDestination } from './deployed-stack.ts';

const usage = `npm run destination -- <id> <url> [--secret <text>] [--allow-private <host:port>]… [--stack Cdp] [--local]

Tells a deployed platform where a destination is. Takes effect within a minute.
  --secret         signs each request: X-Signature is the hex HMAC-SHA1 of its body
  --allow-private  a receiver on a private address that may be called nevertheless; may be repeated
  --stack          name of the deployed stack
  --local          the platform that npm start runs, instead of the AWS account of your credentials`;

const options = {
  secret: { type: 'string' },
  'allow-private': { type: 'string', multiple: true },
} as const;

await runCommand(usage, options, async ({ values: { secret, 'allow-private': allowedPrivateHosts = [], ...deployment }, positionals }) => {
  const [id, url, ...more] = positionals;
  if (id === undefined || url === undefined || more.length > 0) throw new Misused('say two things: the id of a destination and its URL');
  return setDestination(id, { url, sharedSecret: secret, allowedPrivateHosts }, deployment);
});

interface Settings {
  readonly url: string;
  readonly sharedSecret: string | undefined;
  readonly allowedPrivateHosts: readonly string[];
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

/** Refuses at once what every delivery would refuse. @throws Error */
async function checkAddress(url: URL, allowedPrivateHosts: readonly string[]): Promise<void> {
  const refusal = await egressRefusal(url, allowedPrivateHosts);
  if (refusal === undefined) return;
  throw new Error(`each delivery to ${url.origin} would be refused: ${refusal}. For a receiver of your own, add --allow-private ${hostAndPort(url)}`);
}
