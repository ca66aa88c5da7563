import { join } from 'node:path';
import { DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  destinationDeadLettersOutput,
  destinationSettingsOutput,
  output,
} from '../../../lambdas/core/contract/outputs.ts';
import { lakePrefix } from '../../../lambdas/core/contract/storage.ts';
import { makeAccessToken } from '../../../local/platform/access-token.ts';
import { clientSettings } from '../../../local/platform/aws.ts';
import { deploy, type StackOutputs } from '../../../local/platform/deployment.ts';
import { writeKeys } from '../../../local/platform/write-keys.ts';
import { eventually } from '../stack/eventually.ts';
import { type OwnEmulator, startOwnEmulator } from '../stack/own-emulator.ts';
import { type HeldData, heldBy } from './held-data.ts';
import { type Inventory, inventoryOf, more } from './inventory.ts';

const signal = new AbortController().signal;
const began = new Date().toISOString();
const email = 'ann@example.com';
const calls = [
  { type: 'page', messageId: 'm1', anonymousId: 'phone', name: 'Home' },
  { type: 'identify', messageId: 'm2', anonymousId: 'phone', userId: 'ann', traits: { email, lifetime_value: 300 } },
  { type: 'track', messageId: 'm3', userId: 'ann', event: 'Order Completed' },
  { type: 'identify', messageId: 'm4', userId: 'bob', traits: { plan: 'free' } },
];
const [basic, server] = [(user: string) => `Basic ${Buffer.from(`${user}:`).toString('base64')}`, writeKeys.writeKey];

let emulator: OwnEmulator;
let stack: StackOutputs;
let firstStack: StackOutputs;
let token: string;
let profile: unknown;
let before: HeldData;
/** What the account has before anything of the platform. */
let empty: Inventory;
beforeAll(async () => {
  emulator = await startOwnEmulator();
  empty = await inventoryOf(emulator.url);
  stack = await deploy(emulator.url, signal);
}, 300_000);
afterAll(() => emulator?.stop());

/** Those of the example, whose settings and dead letters stay. */
const destinations = ['crm', 'ads'];
const takeUpFile = () => join(emulator.folder, 'take-up.json');

async function send(batch: readonly object[]): Promise<void> {
  const authorization = basic(server);
  const init = {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ batch }),
  };
  expect((await fetch(`${await emulator.api(stack, output.ingestUrl)}/v1/batch`, init)).status).toBe(200);
}

/** What the profile API says of Ann to whoever has the first stack's token. */
async function ann(): Promise<Record<string, unknown>> {
  const url = `${await emulator.api(stack, output.profileUrl)}/v1/spaces/cdp/collections/users/profiles/email:${email}/traits?limit=50`;
  return (await fetch(url, { headers: { authorization: basic(token) } })).json() as Promise<Record<string, unknown>>;
}

const people = async (): Promise<Map<string, string>> =>
  new Map(Object.entries((await heldBy(emulator.url, stack)).items).filter(([key]) => key.startsWith('profile#')));

/** Until its functions are gone, deliveries are tried, and each attempt is logged. */
const withoutAttempts = ({ objects, ...held }: Awaited<ReturnType<typeof heldBy>>) => ({
  ...held,
  objects: Object.fromEntries(Object.entries(objects).filter(([key]) => !key.includes(`/${lakePrefix.attempts}`))),
});

const objectsBelow = async (prefix: string): Promise<number> =>
  Object.keys((await heldBy(emulator.url, stack)).objects).filter((key) => key.includes(`/${prefix}`)).length;

const rows = async (): Promise<unknown> =>
  JSON.parse(await emulator.npmRun('query', 'SELECT message_id FROM events ORDER BY 1', '--json'));

it('a stack is filled by requests, and its lake by a job', async () => {
  token = await makeAccessToken(emulator.url, stack, output.accessTokensSecret);
  await emulator.npmRun('destination', 'crm', 'https://10.1.2.3/cdp', '--allow-private', '10.1.2.3:443');
  await send(calls);
  profile = await eventually('Ann is known', async () => ((await people()).size === 2 ? await ann() : undefined));
  expect(profile).toMatchObject({ traits: { email, lifetime_value: 300, big_spenders: true } });
  await eventually('the lake has it', async () =>
    (await objectsBelow('raw/')) > 0 && (await objectsBelow('identity_log/')) > 0 ? true : undefined,
  );
  await emulator.npmRun('job', 'events');
  expect(await rows()).toEqual(calls.map(({ messageId }) => ({ message_id: messageId })));
  expect(await emulator.npmRun('left-behind')).toBe('Nothing is left behind.');
}, 300_000);

it('its deletion touches nothing of the data, which are found without it', async () => {
  before = await heldBy(emulator.url, stack);
  expect(Object.keys(before.items).length).toBeGreaterThan(4);
  await emulator.cdk('destroy', 'Cdp', '--force');
  const after = await heldBy(emulator.url, stack);
  expect(withoutAttempts(after)).toEqual(withoutAttempts(before));
  before = after;
  const told = await emulator.npmRun('left-behind');
  for (const name of [
    output.profileTable,
    output.lakeBucket,
    output.failedBatchBucket,
    output.database,
    output.identifierKeySecret,
  ])
    expect(told).toContain(stack[name]);
  expect(stack[output.encryptionKey]).toContain(told.match(/under the key (\S+):/)?.[1]);
}, 300_000);

it('what a new stack could not go on with is told, with nothing written', async () => {
  const table = new DynamoDBClient(clientSettings(emulator.url));
  const set = (StreamSpecification: object) =>
    table.send(
      new UpdateTableCommand({
        TableName: stack[output.profileTable],
        StreamSpecification: StreamSpecification as never,
      }),
    );
  await set({ StreamEnabled: false });
  await expect(emulator.npmRun('left-behind', '--take-up', takeUpFile())).rejects.toThrow(
    /ProfilesTable\w+, \S+: its stream is off, and must be on/,
  );
  await set({ StreamEnabled: true, StreamViewType: 'NEW_IMAGE' });
}, 60_000);

it('a new stack takes them up, and they are the same', async () => {
  expect(await emulator.npmRun('left-behind', '--take-up', takeUpFile())).toMatch(/maps \d+ resources/);
  await emulator.cdk('import', 'Cdp', '--resource-mapping', takeUpFile());
  expect(await heldBy(emulator.url, stack)).toEqual(before);
  firstStack = stack;
  stack = await deploy(emulator.url, signal);
  for (const name of [
    output.profileTable,
    output.lakeBucket,
    output.database,
    output.identifierKeySecret,
    output.encryptionKey,
  ])
    expect(stack[name]).toBe(firstStack[name]);
  expect(stack[output.ingestUrl]).not.toBe(firstStack[output.ingestUrl]);
  expect(await heldBy(emulator.url, stack)).toEqual(before);
}, 300_000);

it('where a destination is goes along by a command, and what it came from is told as left behind until it is deleted', async () => {
  const settings = (of: StackOutputs, id = 'crm') => ({ SecretId: of[destinationSettingsOutput(id)] });
  const secrets = new SecretsManagerClient(clientSettings(emulator.url));
  expect(await emulator.npmRun('left-behind')).toMatch(/a stack goes on with the rest:[\s\S]*DestinationCrm\/Settings/);
  await emulator.npmRun('destination', 'crm', '--from', settings(firstStack).SecretId ?? '');
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand(settings(stack)));
  expect(JSON.parse(SecretString)).toEqual({ url: 'https://10.1.2.3/cdp', allowedPrivateHosts: ['10.1.2.3:443'] });
  for (const id of destinations) await secrets.send(new DeleteSecretCommand(settings(firstStack, id)));
  expect(await emulator.npmRun('left-behind')).toBe('Nothing is left behind.');
}, 60_000);

it('the person is served by the same identifier to the same token, and has what is said today', async () => {
  expect(await ann()).toEqual(profile);
  await send([{ type: 'identify', messageId: 'm5', traits: { email, city: 'Graz' }, anonymousId: 'tablet' }]);
  await eventually('Ann moved', async () => ((await ann()).traits as { city?: string }).city);
  expect([...(await people()).keys()]).toEqual(
    [...Object.keys(before.items)].filter((key) => key.startsWith('profile#')),
  );
}, 60_000);

it('the tables go on from what they had', async () => {
  expect(await rows()).toHaveLength(calls.length);
  await eventually('the raw zone has today', async () => ((await objectsBelow('raw/')) > 1 ? true : undefined));
  await emulator.npmRun('job', 'events');
  expect(await rows()).toHaveLength(calls.length + 1);
}, 300_000);

it('a replay of all changes nobody, and a rebuild makes the same people', async () => {
  const held = await people();
  expect(await emulator.npmRun('replay', '--from', began, '--to', new Date().toISOString())).toMatch(/^sent 5 lines/);
  await send([{ type: 'track', messageId: 'm6', userId: 'carl', event: 'Looked' }]);
  await eventually('the stream is read', async () => ((await people()).size === held.size + 1 ? true : undefined));
  expect([...(await people())]).toEqual(expect.arrayContaining([...held]));
  expect(await emulator.npmRun('rebuild', '--to', new Date().toISOString(), '--compare')).toMatch(
    /\d+ profiles are equal in both tables/,
  );
}, 120_000);

it('and it all goes for good once the stack says so', async () => {
  await emulator.cdkOf('test/local/deployments/leaving-app.ts', 'deploy', 'Cdp', '--require-approval', 'never');
  await emulator.cdkOf('test/local/deployments/leaving-app.ts', 'destroy', 'Cdp', '--force');
  expect(await emulator.npmRun('left-behind')).toBe('Nothing is left behind.');
  const names = [...destinations.map(destinationDeadLettersOutput), output.importDeadLetters];
  const deadLetters = names.map((name) => firstStack[name] ?? '').map((url) => url.slice(url.lastIndexOf('/')));
  for (const queue of deadLetters) expect(queue).toMatch(/^\/Cdp-/);
  // What costs nothing of the first stack, and the table that somebody rebuilt.
  expect(more(await inventoryOf(emulator.url), empty)).toEqual({
    'DynamoDB::Table': [expect.stringContaining('-rebuilt-')],
    'Logs::LogGroup': expect.arrayContaining([expect.stringContaining('/aws/vendedlogs/Cdp-')]),
    'SQS::Queue': expect.toSatisfy(
      (left: readonly string[]) =>
        left.length === deadLetters.length && deadLetters.every((queue) => left.some((each) => each.endsWith(queue))),
    ),
  });
}, 300_000);
