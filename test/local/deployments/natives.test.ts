import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { config } from '../../../cdp.config.ts';
import {
  destinationDeadLettersOutput,
  destinationQueueOutput,
  destinationSettingsOutput,
  output,
  topicAuthorityOutput,
  topicSignInOutput,
} from '../../../lambdas/core/contract/outputs.ts';
import { lakePrefix } from '../../../lambdas/core/contract/storage.ts';
import { startApiUrl } from '../../../local/platform/api-url.ts';
import { clientSettings } from '../../../local/platform/aws.ts';
import { deploy, type StackOutputs } from '../../../local/platform/deployment.ts';
import { writeKeys } from '../../../local/platform/write-keys.ts';
import { freePorts } from '../../e2e/platform/free-ports.ts';
import { makeAuthority } from '../../fixtures/catalogue/authority.ts';
import { answering, type TlsProxy, tlsProxy } from '../../fixtures/catalogue/tls-proxy.ts';
import { type Broker, startBroker } from '../../fixtures/kafka/broker.ts';
import { type EmptyEmulator, startEmptyEmulator } from '../stack/empty-emulator.ts';
import { synthesizeConfigured } from './configured.ts';
import { awsDestinations, filesBelow, inQueue, mailsSent, makePlaces, theirs } from './native-places.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const stops: (() => unknown)[] = [];
let emulator: EmptyEmulator;
let broker: Broker;
let proxy: TlsProxy;
let outputs: StackOutputs;
let ingestUrl: string;

beforeAll(async () => {
  emulator = await startEmptyEmulator();
  stops.push(emulator.stop);
  const authority = makeAuthority();
  proxy = await tlsProxy(
    answering(() => ({ status: 200, body: 'ok' })),
    undefined,
    authority,
  );
  stops.push(proxy.close);
  broker = await startBroker(authority);
  stops.push(broker.close);
  await broker.makeTopic('people', 3);
  await broker.makeTopic('shipments', 2);
  await makePlaces(emulator.url);
  await deployAll();
  const [port = 0] = await freePorts(1);
  const api = await startApiUrl(port, emulator.url, outputs[output.ingestUrl] ?? '');
  stops.push(api.stop);
  ingestUrl = api.url;
});
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

/** One stack with a destination of every native kind, and a source that reads a topic. */
async function deployAll(): Promise<void> {
  const more = {
    chat: { kind: 'slack' },
    stream: { kind: 'kafka', brokers: [broker.secure], topic: 'people' },
  };
  const events = { where: 'event = "Order Completed"' };
  const destinations = Object.entries({ ...awsDestinations, ...more }).map(([id, each]) => ({
    id,
    events,
    segments: ['newsletter'],
    ...each,
  }));
  const egress = { proxy: proxy.url, ca: proxy.ca };
  const sources = [...config.sources, parcels()];
  const folderOf = await synthesizeConfigured(emulator, { natives: { sources, destinations, egress } });
  outputs = await deploy(emulator.url, emulator.signal, folderOf('natives'));
  const where = clientSettings(emulator.url);
  const secrets = new SecretsManagerClient(where);
  const fill = (name: string, secret: object) =>
    secrets.send(new PutSecretValueCommand({ SecretId: outputs[name], SecretString: JSON.stringify(secret) }));
  const store = (id: string, secret: object) => fill(destinationSettingsOutput(id), secret);
  await store('chat', { url: 'https://hooks.slack.com/services/T0/B0/x' });
  await store('stream', {
    settings: { mechanism: 'scram-sha-512', ...broker.user },
    allowedPrivateHosts: [broker.secure],
  });
  await fill(topicSignInOutput('parcels'), broker.user);
  await fill(topicAuthorityOutput('parcels'), { certificate: proxy.ca });
}

const parcels = () => ({
  id: 'parcels',
  kind: 'kafka',
  connection: { kind: 'brokers', brokers: [broker.secure], signIn: 'scram-512', ownAuthority: true },
  objects: [{ object: 'shipments', topic: 'shipments', rows: 'events' }],
});

const orders = (wave: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    type: 'track',
    event: 'Order Completed',
    messageId: `${wave}-${n}`,
    userId: `${wave}-user-${n % 5}`,
    properties: { total: n + 0.5, note: n % 2 === 0 ? 'grüße' : undefined },
  }));

async function send(batch: readonly object[]): Promise<void> {
  const headers = {
    authorization: `Basic ${Buffer.from(`${writeKeys.writeKey}:`).toString('base64')}`,
    'content-type': 'application/json',
  };
  const answer = await fetch(`${ingestUrl}/v1/batch`, { method: 'POST', headers, body: JSON.stringify({ batch }) });
  expect(answer.status).toBe(200);
}

interface Told {
  readonly messageId: string;
  readonly event?: string;
}
const parsed = (texts: readonly string[]): Told[] => texts.map((text) => JSON.parse(text) as Told);

/** What a destination has: whole calls. */
const calls: Readonly<Record<string, () => Promise<readonly Told[]>>> = {
  lines: async () =>
    [...(await filesBelow(emulator.url, 'lines/')).values()].flatMap((file) =>
      parsed(gunzipSync(file).toString().trimEnd().split('\n')),
    ),
  queue: async () => parsed(await inQueue(emulator.url, 'native-queue')),
  'their-queue': async () => parsed(await inQueue(emulator.url, 'native-queue', theirs)),
  topic: async () => parsed(await inQueue(emulator.url, 'of-topic')),
  'their-topic': async () => parsed(await inQueue(emulator.url, 'of-topic', theirs)),
  bus: async () => parsed(await inQueue(emulator.url, 'of-bus')),
  'their-bus': async () => parsed(await inQueue(emulator.url, 'of-bus', theirs)),
  stream: async () => parsed((await broker.read('people')).map(({ value }) => value)),
};

/** Rows of the Parquet files, as DuckDB reads them. */
async function tableRows(): Promise<{ message_id: string; event: string; segment: string | null }[]> {
  const files = await filesBelow(emulator.url, 'tables/');
  const at = mkdtempSync(join(emulator.folder, 'tables-'));
  for (const [name, file] of files) writeFileSync(join(at, name.replaceAll('/', '-')), file);
  if (files.size === 0) return [];
  const { stdout } = await promisify(execFile)('.venv/bin/python', ['test/fixtures/read_parquet.py', at], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout).duckdb.rows;
}

/** Calls that came twice, once. */
const once = (told: readonly Told[]): Told[] => [...new Map(told.map((call) => [call.messageId, call])).values()];
const idsOf = (told: readonly Told[], event = 'Order Completed'): string[] =>
  [...new Set(told.filter((each) => each.event === event).map(({ messageId }) => messageId))].sort();
const patience = { timeout: 450_000, interval: 1_000 };
const arrives = (id: string, ids: readonly string[]) =>
  expect.poll(async () => idsOf((await calls[id]?.()) ?? []), patience).toEqual(ids.toSorted());

async function waiting(id: string): Promise<number> {
  const { Attributes = {} } = await new SQSClient(clientSettings(emulator.url)).send(
    new GetQueueAttributesCommand({ QueueUrl: outputs[destinationQueueOutput(id)], AttributeNames: ['All'] }),
  );
  return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
}

const deadLettersOf = (id: string): Promise<string[]> =>
  inQueue(emulator.url, outputs[destinationDeadLettersOutput(id)]?.split('/').at(-1) ?? '');

/** Events of all profiles, each of which counts its own. */
async function eventsCounted(): Promise<number> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings(emulator.url)));
  let count = 0;
  for await (const { Items = [] } of paginateScan({ client }, { TableName: outputs[output.profileTable] }))
    for (const { kind, eventCount } of Items) if (kind === 'profile') count += Number(eventCount);
  return count;
}

/** Lines of the quarantine. */
async function quarantined(): Promise<{ readonly place?: object }[]> {
  const files = await filesBelow(emulator.url, lakePrefix.quarantine, outputs[output.lakeBucket]);
  return [...files.values()].flatMap((file) =>
    gunzipSync(file)
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
}

const shipments = Array.from({ length: 40 }, (_, n) =>
  JSON.stringify({ type: 'track', event: 'Shipped', userId: `second-user-${n % 5}`, properties: { parcel: n } }),
);
const first = orders('first', 90);
const second = orders('second', 60);
const ids = (wave: readonly { messageId: string }[]) => wave.map(({ messageId }) => messageId);
const person = {
  type: 'identify',
  userId: 'ann',
  messageId: 'ann-1',
  traits: { email: 'ann@example.com', newsletter: true },
};

describe('one stack with a destination of every native kind', () => {
  beforeAll(() => send([...first, person]));

  it.each(Object.keys(calls))('%s gets every event', (id) => arrives(id, ids(first)));

  it('all get the same events, to the last character', async () => {
    const told = await Promise.all(Object.values(calls).map((read) => read()));
    const forms = told.map((all) => new Map(all.map((call) => [call.messageId, JSON.stringify(call)])));
    for (const id of ids(first)) expect(new Set(forms.map((form) => form.get(id))).size).toBe(1);
  });

  it('files are few, and tables have the rows of lines', async () => {
    const rows = await tableRows();
    expect(idsOf(rows.map(({ message_id: messageId, event }) => ({ messageId, event })))).toEqual(
      ids(first).toSorted(),
    );
    const files = [
      ...(await filesBelow(emulator.url, 'lines/')).keys(),
      ...(await filesBelow(emulator.url, 'tables/')).keys(),
    ];
    console.log(`${first.length} events in ${files.length} files of two forms`);
    expect(files.length).toBeLessThanOrEqual(12);
    for (const file of files)
      expect(file).toMatch(/^(lines|tables)\/\d{4}-\d\d-\d\d\/\d\d\/[0-9a-f]{32}\.(json\.gz|parquet)$/);
  });

  it.each(Object.keys(calls).filter((id) => !id.endsWith('bus')))('%s is told who entered a segment', (id) =>
    expect
      .poll(
        async () => once(((await calls[id]?.()) ?? []).filter(({ event }) => event === 'Audience Entered')),
        patience,
      )
      .toMatchObject([{ userId: 'ann', properties: { audience_key: 'newsletter', newsletter: true } }]),
  );

  it('SES sends a mail of each to both addresses, with ids and nothing else of a person', async () => {
    // A mail ends with the id of its call, and on a busy machine some calls are told twice.
    const sent = async () => new Map((await mailsSent(emulator.url)).map((mail) => [mail.BodyText, mail]));
    await expect.poll(async () => (await sent()).size, patience).toBe(first.length + 1);
    const mails = [...(await sent()).values()];
    for (const mail of mails)
      expect(mail).toMatchObject({ Source: 'cdp@example.com', To: ['team@example.com', 'boss@example.com'] });
    const subjects = mails.map(({ Subject }) => Subject);
    expect(subjects).toContain('Audience Entered · newsletter · ann');
    expect(subjects.filter((subject) => subject.startsWith('Order Completed · first-user-'))).toHaveLength(
      first.length,
    );
    expect(JSON.stringify(mails)).not.toContain('ann@example.com');
  });

  it('Slack gets a line of each through the proxy', async () => {
    await expect.poll(() => proxy.received.length, patience).toBeGreaterThanOrEqual(first.length + 1);
    expect(new Set(proxy.received.map(({ method, url }) => `${method} ${url}`))).toEqual(
      new Set(['POST https://hooks.slack.com/services/T0/B0/x']),
    );
    const lines = proxy.received.map(({ body }) => JSON.parse(Buffer.from(body, 'latin1').toString()).text as string);
    expect(lines).toContain('*Audience Entered* · newsletter · ann');
  });

  it('a broker that ends in between is told again until it has everything, and others do not wait for it', async () => {
    await broker.write('shipments', [...shipments.slice(0, 30), 'poison']);
    await broker.kill();
    await send(second);
    await arrives('queue', [...ids(first), ...ids(second)]);
    expect(await waiting('stream')).toBeGreaterThan(0);
    await broker.start();
    await arrives('stream', [...ids(first), ...ids(second)]);
    await expect.poll(() => waiting('stream'), patience).toBe(0);
  });

  it('its records arrive, once in the profiles; what is none goes to quarantine with its place', async () => {
    await broker.write('shipments', shipments.slice(30));
    await expect
      .poll(() => eventsCounted(), patience)
      .toBe(first.length + second.length + [person].length + shipments.length);
    const aside = await quarantined();
    expect(aside).not.toEqual([]);
    // A batch that comes again is put aside again, at the same place.
    for (const line of aside)
      expect(line).toMatchObject({
        sourceId: 'parcels',
        reason: 'is no JSON object',
        event: '"poison"',
        place: { ...aside[0]?.place, file: expect.stringMatching(/^shipments-[01]$/) },
      });
  });

  it('a bus of another account that does not let the platform in costs no event: all wait in the queue', async () => {
    expect(await waiting('closed-bus')).toBeGreaterThan(0);
    expect(await deadLettersOf('closed-bus')).toEqual([]);
  });

  it.each(Object.keys({ ...calls, tables: 0, mail: 0, chat: 0 }))('%s leaves no dead letter', async (id) =>
    expect(await deadLettersOf(id)).toEqual([]),
  );
});
