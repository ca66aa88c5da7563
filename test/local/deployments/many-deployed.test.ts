import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaClient, paginateListEventSourceMappings, paginateListFunctions } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { env } from '../../../lambdas/core/contract/environment.ts';
import { clientSettings } from '../../../local/platform/aws.ts';
import { type EmptyEmulator, startEmptyEmulator } from '../stack/empty-emulator.ts';
import { synthesizeConfigured } from './configured.ts';
import { type Inventory, inventoryOf, more } from './inventory.ts';
import { awsDestinations } from './native-places.ts';

vi.setConfig({ testTimeout: 900_000, hookTimeout: 300_000 });

const kinds: readonly object[] = [
  ...Object.values(awsDestinations),
  { kind: 'webhook' },
  { kind: 'slack' },
  { kind: 'kafka', brokers: ['kafka.example.com:9093'], topic: 'people' },
  { kind: 'own', module: 'docs/examples/own-destination.ts' },
  { kind: 'catalogue', tool: 'braze', settings: { endpoint: 'https://rest.iad-01.braze.com' } },
  { kind: 'catalogue', tool: 'heap', settings: { appId: '1' } },
];
const destinations = Array.from({ length: 200 }, (_, n) => ({
  id: `tool-${n}`,
  segments: ['newsletter'],
  events: { where: 'event = "Order Completed"' },
  ...kinds[n % kinds.length],
}));

let emulator: EmptyEmulator;
let before: Inventory;
beforeAll(async () => {
  emulator = await startEmptyEmulator();
  before = await inventoryOf(emulator.url);
});
afterAll(() => emulator?.stop());

/** The folder of an assembly. */
let folderOf: (name: 'all' | 'less') => string;

/** Does something, and tells how long it took. */
async function timed(what: string, act: () => Promise<unknown>): Promise<void> {
  const [began, busy] = [performance.now(), busyEmulator()];
  await act();
  const seconds = Math.round((performance.now() - began) / 1_000);
  console.log(`${what}: ${seconds} s, of which the emulator computed ${Math.round(busyEmulator() - busy)} s`);
}
const cdk = (name: 'all' | 'less', ...args: readonly string[]): Promise<void> =>
  timed(`cdk ${args[0]} ${name}`, () => emulator.cdk([...args, '--app', folderOf(name)]));

/** Processor seconds of this process's emulator; 0 where the system has no /proc. */
function busyEmulator(): number {
  const ids = process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  const stats = ids.flatMap((id) => {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
      const [, parent, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const isEmulator =
        Number(parent) === process.pid && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('emulator');
      return isEmulator ? [(Number(fields[9]) + Number(fields[10])) / 100] : [];
    } catch {
      return [];
    }
  });
  return stats.reduce((sum, each) => sum + each, 0);
}

const deploy = (name: 'all' | 'less') => cdk(name, 'deploy', 'Cdp', '--require-approval', 'never');

/** What the functions of destinations are told of a queue, by the destination. */
async function told(variable: string): Promise<Map<string, string>> {
  const client = new LambdaClient(clientSettings(emulator.url));
  const found = new Map<string, string>();
  for await (const { Functions = [] } of paginateListFunctions({ client }, {}))
    for (const { Environment } of Functions) {
      const { [env.destinationId]: id, [variable]: queue = '' } = Environment?.Variables ?? {};
      if (id !== undefined) found.set(id, queue);
    }
  return found;
}
const queues = () => told(env.deliveryQueue);
const deadLetters = async (id: string): Promise<string[]> =>
  [...(await told(env.deadLetters))].flatMap(([of, url]) => (of === id ? [url] : []));

it('200 destinations of every kind synthesize, and share their assets', async () => {
  await timed('synthesis', async () => {
    const configurations = { all: { destinations }, less: { destinations: destinations.slice(0, -1) } };
    folderOf = await synthesizeConfigured(emulator, configurations);
  });
  const assets = readdirSync(folderOf('all')).filter((name) => /^asset\.[0-9a-f]{64}$/.test(name));
  const isOfDestination = (name: string): boolean =>
    readFileSync(join(folderOf('all'), name, 'index.mjs'), 'utf8').includes('serviceName:"deliver"');
  const bundles = assets
    .filter((name) => readdirSync(join(folderOf('all'), name)).includes('index.mjs'))
    .filter(isOfDestination);
  console.log(
    `${destinations.length} destinations: ${assets.length} assets, ${bundles.length} of them of destinations`,
  );
  const distinct = new Set(
    destinations.map((each) => JSON.stringify('tool' in each ? each.tool : (each as { kind?: string }).kind)),
  );
  expect(bundles).toHaveLength(distinct.size);
});

it('and are deployed, each with a queue that its function reads', async () => {
  await deploy('all');
  expect([...(await queues()).keys()].sort()).toEqual(destinations.map(({ id }) => id).sort());
  const client = new LambdaClient(clientSettings(emulator.url));
  const sources = new Set<string>();
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client }, {}))
    for (const { EventSourceArn = '' } of EventSourceMappings) sources.add(EventSourceArn.split(':').at(-1) ?? '');
  expect([...(await queues()).values()].filter((url) => !sources.has(url.split('/').at(-1) ?? ''))).toEqual([]);
});

it('one is removed, and the queues of the others stay with what is in them', async () => {
  const made = await queues();
  const sqs = new SQSClient(clientSettings(emulator.url));
  const [letters = ''] = await deadLetters('tool-5');
  await sqs.send(new SendMessageCommand({ QueueUrl: letters, MessageBody: 'a letter' }));
  await deploy('less');
  made.delete(destinations.at(-1)?.id ?? '');
  expect(await queues()).toEqual(made);
  expect(await deadLetters('tool-5')).toEqual([letters]);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: letters }));
  expect(Messages.map(({ Body }) => Body)).toEqual(['a letter']);
});

it('and all are destroyed, with nothing left', async () => {
  await cdk('less', 'destroy', 'Cdp', '--force');
  expect(more(await inventoryOf(emulator.url), before)).toEqual({});
});
