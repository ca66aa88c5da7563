import { readFileSync } from 'node:fs';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseToolSecret } from '../lambdas/adapters/destinations/catalogue/tool-secret.ts';
import { egressRefusal } from '../lambdas/adapters/egress/agents.ts';
import { hostAndPort } from '../lambdas/adapters/egress/route.ts';
import { parseDestinationSettings } from '../lambdas/adapters/secrets/destination-settings.ts';
import { readSecret } from '../lambdas/adapters/secrets/secret.ts';
import { destinationSettingsOutput } from '../lambdas/core/contract/outputs.ts';
import { type Deployment, deployedDestination, reach } from './deployment/deployed-stack.ts';
import { addText, describeText, listText } from './destinations/texts.ts';
import { trialText } from './destinations/trial.ts';
import { Misused, onlyOne, runCommand } from './terminal/command.ts';

const usage = `npm run destination -- <id> <url> [--secret <text>] [--allow-private <host:port>]… [--stack Cdp] [--local]
npm run destination -- <id> --settings <file>   stores the secret of a tool, kafka or own; - reads the standard input
npm run destination -- <id> --from <ARN>        copies the secret of another destination, e.g. of a deleted stack
npm run destination -- list [<word>]            tools of the catalogue, by category
npm run destination -- describe <tool>          what a tool needs and does, with an example
npm run destination -- add <tool>               what to paste and to run for a new destination
npm run destination -- test <id> --segment <key> [--exited] [--user <id>] [--email <address>]

Sets the URL or the secret of a destination; it takes effect within a minute. test tells the destination a made-up event
and shows what was sent and answered, with secrets hidden.
  --secret         signs each request of a webhook over its id, time and body, as Standard Webhooks has it
  --allow-private  allows a receiver on a private address; may be repeated
  --stack          name of the deployed stack
  --local          the platform that npm start runs, instead of the AWS account of your credentials`;

const options = {
  from: { type: 'string' },
  settings: { type: 'string' },
  secret: { type: 'string' },
  'allow-private': { type: 'string', multiple: true },
  segment: { type: 'string' },
  exited: { type: 'boolean', default: false },
  user: { type: 'string', default: 'made-up-user' },
  email: { type: 'string', default: 'made-up@example.com' },
} as const;

interface Given extends Deployment {
  readonly from?: string;
  readonly settings?: string;
  readonly secret?: string;
  readonly 'allow-private'?: string[];
  readonly segment?: string;
  readonly exited: boolean;
  readonly user: string;
  readonly email: string;
}

/** What a first word asks for, if it is not followed by a URL: a destination may have such an id. */
const verbs = new Map<string, (given: Given, words: readonly string[]) => string | Promise<string>>([
  ['list', (_given, words) => listText(words.join(' '))],
  ['describe', (_given, words) => describeText(onlyOne(words, 'the name of a tool'))],
  ['add', (_given, words) => addText(onlyOne(words, 'the name of a tool'))],
  ['test', (given, words) => tryOut(onlyOne(words, 'the id of a destination'), given)],
]);

await runCommand(usage, options, async ({ values, positionals }) => {
  const [first = '', ...words] = positionals;
  const verb = verbs.get(first);
  const isAboutId = values.from !== undefined || values.settings !== undefined || /^\w+:\/\//.test(words[0] ?? '');
  return verb === undefined || isAboutId ? store(values, positionals) : await verb(values, words);
});

async function store(given: Given, positionals: readonly string[]): Promise<string> {
  const { from, settings, secret, 'allow-private': allowedPrivateHosts = [] } = given;
  if (from !== undefined || settings !== undefined) {
    if (secret !== undefined || allowedPrivateHosts.length > 0 || (from !== undefined && settings !== undefined))
      throw new Misused(`--${from === undefined ? 'settings' : 'from'} gives all settings; give no others`);
    const id = onlyOne(positionals, 'the id of a destination');
    return settings === undefined ? copySecret(id, from ?? '', given) : storeTool(id, settings, given);
  }
  const [id, url, ...more] = positionals;
  if (id === undefined || url === undefined || more.length > 0)
    throw new Misused('give the id of a destination and its URL');
  return storeUrl(id, { url, sharedSecret: secret, allowedPrivateHosts }, given);
}

function tryOut(id: string, { segment, exited, user, email, ...deployment }: Given): Promise<string> {
  if (segment === undefined) throw new Misused('say a segment of the destination: --segment <key>');
  const at = new Date().toISOString();
  return trialText(id, { segment, member: !exited, userId: user, email, at }, deployment);
}

interface Settings {
  readonly url: string;
  readonly sharedSecret?: string | undefined;
  readonly allowedPrivateHosts: readonly string[];
}

async function copySecret(id: string, from: string, deployment: Given): Promise<string> {
  const text = await readSecret(new SecretsManagerClient(reach(deployment.local)), from);
  if (!('url' in (JSON.parse(text) as object))) return putSecret(id, JSON.stringify(parseToolSecret(text)), deployment);
  return storeUrl(id, parseDestinationSettings(text), deployment);
}

async function storeTool(id: string, file: string, deployment: Given): Promise<string> {
  const text = readFileSync(file === '-' ? 0 : file, 'utf8');
  return putSecret(id, JSON.stringify(parseToolSecret(text)), deployment);
}

async function storeUrl(id: string, settings: Settings, deployment: Given): Promise<string> {
  const text = JSON.stringify(settings);
  parseDestinationSettings(text);
  await checkAddress(new URL(settings.url), settings.allowedPrivateHosts);
  await putSecret(id, text, deployment);
  return `${id} is at ${settings.url}`;
}

async function putSecret(id: string, SecretString: string, deployment: Given): Promise<string> {
  const { where, outputs } = await deployedDestination(deployment, id);
  const SecretId = outputs[destinationSettingsOutput(id)];
  if (SecretId === undefined) throw new Misused(`${id} needs no secret, so it has none`);
  await new SecretsManagerClient(where).send(new PutSecretValueCommand({ SecretId, SecretString }));
  return `the secret of ${id} is stored`;
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
