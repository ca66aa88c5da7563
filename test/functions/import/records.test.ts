import { expect, it } from 'vitest';
import { parseConfig } from '../../../lambdas/core/config/config.ts';
import { isManifestKey, manifestKey, recordsFolder, resultKey } from '../../../lambdas/core/imports/staged-record.ts';
import { importWorld, messageAbout, timeLeft } from '../../fixtures/in-memory/import.ts';

const contacts = {
  object: 'contacts',
  rows: 'records',
  key: ['id'],
  mappings: [{ to: { type: 'identify', traits: { '@path': '$.changed' } } }],
};
const load = '20260501T100000000Z-abc';
const key = manifestKey('crm', load);
const manifest = { source: 'crm', load, object: 'contacts', complete: true, startedAt: '2026-05-01T10:00:00.000Z' };
const result = resultKey(key, 'contacts');

it.each([
  { name: 'waits', there: { [key]: manifest }, isIdle: true, starts: 1, comesAgain: false },
  { name: 'waits while a run is at work', there: { [key]: manifest }, isIdle: false, starts: 1, comesAgain: true },
  { name: 'was taken', there: { [key]: manifest, [result]: {} }, isIdle: false, starts: 0, comesAgain: false },
  { name: 'has a manifest of no form', there: { [key]: [] }, isIdle: true, starts: 1, comesAgain: false },
  { name: 'was taken away', there: {}, isIdle: true, starts: 0, comesAgain: false },
])('a load of records that $name starts the job $starts times', async ({ there, isIdle, starts, comesAgain }) => {
  const world = importWorld([contacts]);
  for (const [at, content] of Object.entries(there)) world.written.set(at, JSON.stringify(content));
  let started = 0;
  const startRecords = async () => {
    started += 1;
    return isIdle;
  };
  const { batchItemFailures } = await world.worker(undefined, { startRecords })(messageAbout(key), timeLeft());
  expect([started, batchItemFailures.length > 0]).toEqual([starts, comesAgain]);
  expect(world.hidden).toEqual(comesAgain ? [300] : []);
});

it('a load of a topic waits for a quarter of an hour, so that one run takes many', async () => {
  const topic = { ...contacts, topic: 'shop.contacts', envelope: { kind: 'debezium' } };
  const connection = { kind: 'brokers', brokers: ['kafka.example.com:9096'] };
  const config = parseConfig({ sources: [{ id: 'crm', kind: 'kafka', connection, objects: [topic] } as never] });
  const world = importWorld([contacts]);
  world.written.set(key, JSON.stringify({ ...manifest, complete: false }));
  let started = 0;
  const startRecords = async () => {
    started += 1;
    return true;
  };
  for (const minutes of [1, 15]) {
    const now = () => Date.parse(manifest.startedAt) + minutes * 60_000;
    await world.worker(undefined, { config, now, startRecords })(messageAbout(key), timeLeft());
  }
  expect([world.hidden, started]).toEqual([[14 * 60], 1]);
});

it('only a manifest is one', () => {
  const folder = recordsFolder('crm', load);
  expect(isManifestKey(key)).toBe(true);
  for (const other of [`${folder}contacts/0.ndjson.gz`, result, `${folder}contacts/manifest.json`, 'manifest.json'])
    expect(isManifestKey(other), other).toBe(false);
});

it('rows, results and state of records start nothing and send nothing', async () => {
  const world = importWorld([contacts]);
  for (const other of [result, `${recordsFolder('crm', load)}contacts/0.ndjson.gz`, 'imports/state/crm/contacts.json'])
    expect(await world.worker()(messageAbout(other), timeLeft())).toEqual({ batchItemFailures: [] });
  expect([world.hidden, world.lines()]).toEqual([[], []]);
});
