import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { accessTokenStore } from '../lambdas/adapters/secrets/access-token-store.ts';
import { output } from '../lambdas/core/contract/outputs.ts';
import { type Deployment, deployedStack } from './deployment/deployed-stack.ts';
import { Misused, runCommand } from './terminal/command.ts';

const usage = `npm run token -- <name> [--stack Cdp] [--local]   makes an access token of the profile API and prints it once
npm run token -- --revoke <name>                  revokes it, within a minute
npm run token -- --list                           lists the names of tokens

The platform keeps only hashes. To rotate a token: make another, give it to the application, revoke the old one.
  --admin  tokens of the admin API, with which operators explain and unmerge
  --stack  name of the deployed stack
  --local  the platform that npm start runs, instead of the AWS account of your credentials`;

const options = {
  revoke: { type: 'string' },
  list: { type: 'boolean', default: false },
  admin: { type: 'boolean', default: false },
} as const;

interface Wish extends Deployment {
  readonly name: string | undefined;
  readonly revoke: string | undefined;
  readonly list: boolean;
  readonly admin: boolean;
}

await runCommand(usage, options, async ({ values: { revoke, ...values }, positionals: [name, ...more] }) => {
  const asked = [name, ...more, revoke, values.list || undefined].filter((wish) => wish !== undefined);
  if (asked.length === 0) throw new Misused('give the name of a new token, --revoke <name> or --list');
  if (asked.length > 1) throw new Misused('takes one of <name>, --revoke <name> and --list');
  return answer({ ...values, name, revoke });
});

async function answer({ name, revoke, list, admin, ...deployment }: Wish): Promise<string> {
  const { where, outputs } = await deployedStack(deployment);
  const secretId = outputs[admin ? output.adminTokensSecret : output.accessTokensSecret];
  if (secretId === undefined)
    throw new Error(`the stack ${deployment.stack} has no such API; redeploy it from this version`);
  const store = accessTokenStore(new SecretsManagerClient(where), secretId, () => new Date().toISOString());
  if (list) return (await store.list()).map((token) => `${token.name}\t${token.createdAt}`).join('\n');
  if (name !== undefined) return store.make(name);
  await store.revoke(revoke ?? '');
  return `${revoke} is revoked`;
}
