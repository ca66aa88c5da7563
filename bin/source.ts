import { readFileSync } from 'node:fs';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { config } from '../cdp.config.ts';
import { withSourceSecret } from '../lambdas/adapters/secrets/change-source-secret.ts';
import { readSecret } from '../lambdas/adapters/secrets/secret.ts';
import { parseSourceSecrets } from '../lambdas/adapters/secrets/source-secrets.ts';
import { output } from '../lambdas/core/contract/outputs.ts';
import { type Deployment, deployedStack } from './deployment/deployed-stack.ts';
import { Misused, noneOf, onlyOne, runCommand } from './terminal/command.ts';
import { textTable } from './terminal/text-table.ts';

const usage = `npm run source -- list [--stack Cdp] [--local]
npm run source -- secret <id> --file <file> [--only] [--word <text>]

Vendors sign what they post to /v1/sources/<id>. list shows the address of each such source and how many secrets it has.
secret stores a secret of a source, which counts within a minute. The secret before it stays valid, so that you can
change it at the vendor without a gap.
  --file   file that holds the secret; - reads the standard input
  --only   the secret before it is valid no more
  --word   the word by which Meta asks whether the address is yours
  --stack  name of the deployed stack
  --local  the platform that npm start runs, instead of the AWS account of your credentials`;

const options = {
  file: { type: 'string' },
  word: { type: 'string' },
  only: { type: 'boolean', default: false },
} as const;

interface Given extends Deployment {
  readonly file?: string;
  readonly word?: string;
  readonly only: boolean;
}

const signing = config.sources.filter(({ kind }) => kind === 'webhook');

await runCommand(usage, options, async ({ values, positionals: [verb, ...words] }) => {
  if (verb === 'list') {
    noneOf(words);
    return list(values);
  }
  if (verb !== 'secret') throw new Misused('say list or secret');
  return store(onlyOne(words, 'the id of a source that signs'), values);
});

/** The secret of all sources, and how to reach it. */
async function place(deployment: Given) {
  const { where, outputs } = await deployedStack(deployment);
  const secretId = outputs[output.sourceSecrets];
  if (secretId === undefined) throw new Error(`the stack ${deployment.stack} has no source that signs`);
  return { client: new SecretsManagerClient(where), secretId, url: outputs[output.ingestUrl] ?? '' };
}

async function list(deployment: Given): Promise<string> {
  const { client, secretId, url } = await place(deployment);
  const known = parseSourceSecrets(await readSecret(client, secretId));
  const rows = signing.map(({ id, ...source }) => [
    id,
    'signature' in source ? source.signature.scheme : '',
    `${url}/v1/sources/${id}`,
    `${known.get(id)?.secrets.length ?? 'no'} secret(s)`,
  ]);
  return textTable(rows).join('\n');
}

async function store(id: string, { file, word, only, ...deployment }: Given): Promise<string> {
  if (!signing.some((source) => source.id === id)) throw new Misused(`no source that signs has the id "${id}"`);
  if (file === undefined && word === undefined) throw new Misused('give the secret with --file');
  const secret = file === undefined ? undefined : readFileSync(file === '-' ? 0 : file, 'utf8').trim();
  const { client, secretId } = await place({ ...deployment, only });
  const text = withSourceSecret(await readSecret(client, secretId), id, { secret, only, verifyToken: word });
  await client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString: text }));
  return `the secret of ${id} is stored`;
}
