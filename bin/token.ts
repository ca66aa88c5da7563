import { parseArgs } from 'node:util';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { accessTokenStore } from '../lambdas/adapters/access-token-store.ts';
import { output } from '../lambdas/core/contract.ts';
import { deployedStack } from './deployed-stack.ts';

const usage = `npm run token -- <name> [--stack Cdp] [--local]   makes an access token of the profile API and prints it, once
npm run token -- --revoke <name>                  ends it, within a minute
npm run token -- --list                           names the tokens there are

Only a token's hash is kept. To change one without a break: make another, give it to the application, revoke the old one.
  --admin  tokens of the admin API instead, with which operators explain and undo
  --stack  name of the deployed stack
  --local  the platform that npm start runs, instead of the AWS account of your credentials`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    revoke: { type: 'string' },
    list: { type: 'boolean', default: false },
    admin: { type: 'boolean', default: false },
    stack: { type: 'string', default: 'Cdp' },
    local: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const [name] = positionals;
const asked = [name, values.revoke, values.list || undefined].filter((wish) => wish !== undefined);
if (values.help || asked.length !== 1) {
  console.log(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  try {
    console.log(await answer());
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

async function answer(): Promise<string> {
  const { where, output: secretId } = await deployedStack(values, values.admin ? output.adminTokensSecret : output.accessTokensSecret);
  if (secretId === undefined) throw new Error(`the stack ${values.stack} has no such API; deploy it anew`);
  const store = accessTokenStore(new SecretsManagerClient(where), secretId, () => new Date().toISOString());
  if (values.list) return (await store.list()).map((token) => `${token.name}\t${token.createdAt}`).join('\n');
  if (name !== undefined) return store.make(name);
  await store.revoke(values.revoke ?? '');
  return `${values.revoke} is revoked`;
}
