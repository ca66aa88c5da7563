import { parseArgs } from 'node:util';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseDestinationSettings } from '../lambdas/adapters/destination-settings.ts';
import { destinationSettingsOutput } from '../lambdas/core/contract.ts';
import { deployedStack } from './deployed-stack.ts';

const usage = `npm run destination -- <id> <url> [--secret <text>] [--allow-private <host:port>]… [--stack Cdp] [--local]

Tells a deployed platform where a destination is. Takes effect within a minute.
  --secret         signs each request: X-Signature is the hex HMAC-SHA1 of its body
  --allow-private  a receiver on a private address that may be called nevertheless; may be repeated
  --stack          name of the deployed stack
  --local          the platform that npm start runs, instead of the AWS account of your credentials`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    secret: { type: 'string' },
    'allow-private': { type: 'string', multiple: true, default: [] },
    stack: { type: 'string', default: 'Cdp' },
    local: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const [id, url] = positionals;
if (values.help || id === undefined || url === undefined) {
  console.log(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  try {
    await setDestination(id, url);
    console.log(`${id} is at ${url}`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

async function setDestination(destinationId: string, address: string): Promise<void> {
  const settings = { url: address, sharedSecret: values.secret, allowedPrivateHosts: values['allow-private'] };
  const text = JSON.stringify(settings);
  parseDestinationSettings(text);
  const { where, output: secretId } = await deployedStack(values, destinationSettingsOutput(destinationId));
  if (secretId === undefined) throw new Error(`the stack ${values.stack} has no destination "${destinationId}"`);
  await new SecretsManagerClient(where).send(new PutSecretValueCommand({ SecretId: secretId, SecretString: text }));
}
