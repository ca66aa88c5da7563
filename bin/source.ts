import { readFileSync } from 'node:fs';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { config } from '../cdp.config.ts';
import { withSourceSecret } from '../lambdas/adapters/secrets/change-source-secret.ts';
import { readSecret } from '../lambdas/adapters/secrets/secret.ts';
import { parseSourceSecrets } from '../lambdas/adapters/secrets/source-secrets.ts';
import { output } from '../lambdas/core/contract/outputs.ts';
import { type Deployment, deployedStack } from './deployment/deployed-stack.ts';
import { type PullWish, pullNow, pullStatus, storePullSecret } from './sources/pulls.ts';
import { Misused, noneOf, onlyOne, runCommand } from './terminal/command.ts';
import { textTable } from './terminal/text-table.ts';

const usage = `npm run source -- list [--stack Cdp] [--local]
npm run source -- secret <id> --file <file> [--only] [--word <text>]
npm run source -- pull <id> [--everything] [--accept-shrink] [--no-wait]
npm run source -- status

Vendors sign what they post to /v1/sources/<id>. list shows the address of each such source and how many secrets it has,
and the APIs and databases that are read. secret stores a secret of a source, which counts within a minute. The secret before it stays
valid, so that you can change it at the vendor without a gap. For an API it is JSON, and takes the place of the one before.
pull reads the API or the database of a source now. status shows when each API was read, and how far.
  --file           file that holds the secret; - reads the standard input
  --only           the secret before it is valid no more
  --word           the word by which Meta asks whether the address is yours
  --everything     reads lists of everything, whatever is due
  --accept-shrink  believes a list that lacks many records: they are gone
  --no-wait        starts the run and does not wait
  --stack          name of the deployed stack
  --local          the platform that npm start runs, instead of the AWS account of your credentials`;

const options = {
  file: { type: 'string' },
  word: { type: 'string' },
  only: { type: 'boolean', default: false },
  everything: { type: 'boolean', default: false },
  'accept-shrink': { type: 'boolean', default: false },
  'no-wait': { type: 'boolean', default: false },
} as const;

interface Given extends Deployment, PullWish {
  readonly file?: string;
  readonly word?: string;
  readonly only: boolean;
}

const signing = config.sources.filter(({ kind }) => kind === 'webhook');
const pulled = config.sources.filter(({ kind }) => kind === 'pull');
const databases = config.sources.filter(({ kind }) => kind === 'database');

await runCommand(usage, options, async ({ values, positionals: [verb, ...words] }) => {
  if (verb === 'list') {
    noneOf(words);
    return list(values);
  }
  if (verb === 'status') {
    noneOf(words);
    return status(values);
  }
  if (verb !== 'secret' && verb !== 'pull') throw new Misused('say list, secret, pull or status');
  const id = onlyOne(words, verb === 'pull' ? 'the id of a source that is read' : 'the id of a source');
  return verb === 'pull' ? pull(id, values) : store(id, values);
});

/** The secret of all sources, and how to reach it. */
async function place(deployment: Given) {
  const { where, outputs } = await deployedStack(deployment);
  const secretId = outputs[output.sourceSecrets];
  if (secretId === undefined) throw new Error(`the stack ${deployment.stack} has no source that signs`);
  return { client: new SecretsManagerClient(where), secretId, url: outputs[output.ingestUrl] ?? '' };
}

async function list(deployment: Given): Promise<string> {
  const read = [
    ...pulled.map(({ id }) => [id, 'its API is read', '', '']),
    ...databases.map(({ id }) => [id, 'its database is read', '', '']),
  ];
  if (signing.length === 0) return textTable(read).join('\n');
  const { client, secretId, url } = await place(deployment);
  const known = parseSourceSecrets(await readSecret(client, secretId));
  const rows = signing.map(({ id, ...source }) => [
    id,
    'signature' in source ? source.signature.scheme : '',
    `${url}/v1/sources/${id}`,
    `${known.get(id)?.secrets.length ?? 'no'} secret(s)`,
  ]);
  return textTable([...rows, ...read]).join('\n');
}

async function store(id: string, { file, word, only, ...deployment }: Given): Promise<string> {
  if (pulled.some((source) => source.id === id)) return storeForApi(id, file, deployment);
  if (!signing.some((source) => source.id === id))
    throw new Misused(`no source that signs or whose API is read has the id "${id}"`);
  if (file === undefined && word === undefined) throw new Misused('give the secret with --file');
  const secret = file === undefined ? undefined : readFileSync(file === '-' ? 0 : file, 'utf8').trim();
  const { client, secretId } = await place({ ...deployment, only });
  const text = withSourceSecret(await readSecret(client, secretId), id, { secret, only, verifyToken: word });
  await client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString: text }));
  return `the secret of ${id} is stored`;
}

async function storeForApi(id: string, file: string | undefined, deployment: Deployment): Promise<string> {
  if (file === undefined) throw new Misused('give the secret with --file');
  return storePullSecret(await deployedStack(deployment), id, readFileSync(file === '-' ? 0 : file, 'utf8'));
}

async function pull(id: string, given: Given): Promise<string> {
  if (![...pulled, ...databases].some((source) => source.id === id))
    throw new Misused(`no source whose API or database is read has the id "${id}"`);
  return pullNow(await deployedStack(given), id, given);
}

async function status(deployment: Given): Promise<string> {
  if (pulled.length === 0) return 'no API of a source is read';
  const reached = await deployedStack(deployment);
  const rows = await Promise.all(pulled.map(({ id }) => pullStatus(reached, id, Date.now())));
  return textTable(rows.flat()).join('\n');
}
