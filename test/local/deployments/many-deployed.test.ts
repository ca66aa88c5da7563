import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient, paginateListEventSourceMappings, paginateListFunctions } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { env } from '../../../lambdas/core/contract/environment.ts';
import { clientSettings, emulatorEnvironment } from '../../../local/platform/aws.ts';
import { bootstrap } from '../../../local/platform/deployment.ts';
import { type Emulator, startEmulator } from '../../../local/platform/emulator-process.ts';
import { cdkCli } from '../../../local/platform/synthesis.ts';
import { runNode } from '../../../local/processes/child-process.ts';
import { freePorts } from '../../e2e/platform/free-ports.ts';
import { type Inventory, inventoryOf, more } from './inventory.ts';
import { awsDestinations } from './native-places.ts';

vi.setConfig({ testTimeout: 900_000, hookTimeout: 300_000 });

const { signal } = new AbortController();
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

let folder: string;
let emulator: Emulator;
let before: Inventory;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cdp-many-'));
  const [port = 0] = await freePorts(1);
  emulator = await startEmulator(port, folder, signal);
  await bootstrap(emulator.url, folder, signal);
  before = await inventoryOf(emulator.url);
});
afterAll(async () => {
  await emulator?.stop();
  await rm(folder, { recursive: true, force: true });
});

const assembly = () => join(folder, 'cdk.out');
const cdk = async (...args: readonly string[]): Promise<void> => {
  const began = performance.now();
  const busy = busyEmulator();
  await runNode([cdkCli, ...args, '--no-notices', '--ci'], {
    env: { ...emulatorEnvironment(emulator.url), CONFIGURATION: join(folder, 'configuration.json') },
    signal,
  });
  const seconds = Math.round((performance.now() - began) / 1_000);
  console.log(`cdk ${args[0]}: ${seconds} s, of which the emulator computed ${Math.round(busyEmulator() - busy)} s`);
};

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

async function synth(of: readonly object[]): Promise<void> {
  await writeFile(join(folder, 'configuration.json'), JSON.stringify({ destinations: of }));
  await cdk(
    'synth',
    '--quiet',
    '--app',
    `${process.execPath} test/local/deployments/configured-app.ts`,
    '--output',
    assembly(),
  );
}
const deploy = () => cdk('deploy', 'Cdp', '--app', assembly(), '--require-approval', 'never');

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
  await synth(destinations);
  const assets = readdirSync(assembly()).filter((name) => /^asset\.[0-9a-f]{64}$/.test(name));
  const isOfDestination = (name: string): boolean =>
    readFileSync(join(assembly(), name, 'index.mjs'), 'utf8').includes('serviceName:"deliver"');
  const bundles = assets
    .filter((name) => readdirSync(join(assembly(), name)).includes('index.mjs'))
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
  await deploy();
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
  await synth(destinations.slice(0, -1));
  await deploy();
  made.delete(destinations.at(-1)?.id ?? '');
  expect(await queues()).toEqual(made);
  expect(await deadLetters('tool-5')).toEqual([letters]);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: letters }));
  expect(Messages.map(({ Body }) => Body)).toEqual(['a letter']);
});

it('and all are destroyed, with nothing left', async () => {
  await cdk('destroy', 'Cdp', '--app', assembly(), '--force');
  expect(more(await inventoryOf(emulator.url), before)).toEqual({});
});
