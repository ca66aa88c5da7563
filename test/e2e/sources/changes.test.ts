import { connect } from 'node:net';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { expect, inject, it } from 'vitest';
import { changesTopic } from '../../fixtures/sources/changing-tables.ts';
import { eventually } from '../observed/eventually.ts';
import { quarantined } from '../observed/lake.ts';
import { changesOf, drop } from './lake-imports.ts';
import { person } from './people.ts';
import { recordsAtRest } from './pulling.ts';

const patiently = { within: 380_000, every: 1_000 };

it('files of DMS become records and profiles in the order of the log, though the changes come before the load', async () => {
  const changes = [
    'Op,ID,EMAIL,CITY,committed_at,seq',
    'U,7,erp7@shop.example,Bonn,2026-05-12 07:30:00.000000,20260512073000000000000000000000001',
    'D,8,erp8@shop.example,Rome,2026-05-12 07:31:00.000000,20260512073100000000000000000000002',
  ];
  await drop('erp', 'changes.csv', `${changes.join('\n')}\n`);
  await eventually(async () => expect(await person('erp7@shop.example')).toEqual(['Bonn', 1]), patiently);
  await recordsAtRest();
  const load = [7, 8, 9].map((id) => `${id},erp${id}@shop.example,Oslo,2026-05-01 08:00:00.000000,`);
  await drop('erp', 'load.csv', `ID,EMAIL,CITY,committed_at,seq\n${load.join('\n')}\n`);
  await eventually(async () => expect(await person('erp9@shop.example')).toEqual(['Oslo', 1]), patiently);
  expect(await person('erp7@shop.example')).toEqual(['Bonn', 1]);
  expect((await changesOf('erp')).map(({ kind, id }) => `${kind} ${id}`)).toEqual(['created 7', 'created 9']);
}, 900_000);

const { address, user, switchUrl } = inject('broker');
const hour = 3_600_000;

async function write(...messages: readonly Omit<Message, 'timestamp'>[]): Promise<void> {
  const kafka = new Kafka({ brokers: [address], sasl: { mechanism: 'plain', ...user }, logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  // Loads of a topic wait for a quarter of an hour; these are older.
  const timestamp = String(Date.now() - 3 * hour);
  await producer.send({ topic: changesTopic, messages: messages.map((message) => ({ ...message, timestamp })) });
  await producer.disconnect();
}

/** Kills the broker as the end of a machine would, and starts it again; it answers nobody meanwhile. */
async function killAndStart(): Promise<void> {
  expect((await fetch(`${switchUrl}/kill`, { method: 'POST' })).status).toBe(200);
  const [host, port] = address.split(':');
  const connected = new Promise((resolve, reject) => {
    connect(Number(port), host, () => resolve('connected')).on('error', ({ message }) => reject(new Error(message)));
  });
  await expect(connected).rejects.toThrow('ECONNREFUSED');
  expect((await fetch(`${switchUrl}/start`, { method: 'POST' })).status).toBe(200);
}

const key = '{"schema":{},"payload":{"id":1}}';
const row = (city: string) => ({ id: 1, email: 'changed1@shop.example', city });
const change = (op: string, lsn: number, image: object) => ({
  key,
  value: JSON.stringify({ schema: {}, payload: { ...image, op, source: { lsn, ts_ms: Date.now() - 4 * hour } } }),
});

it('a topic becomes records and profiles in the order of the log, though its broker dies and a message is torn', async () => {
  await recordsAtRest();
  const torn = { key, value: '{"op":' };
  await write(change('r', 100, { after: row('Oslo') }), change('u', 300, { after: row('Bergen') }));
  await killAndStart();
  await write(torn, change('u', 200, { after: row('Rome') }));
  await eventually(async () => expect(await person('changed1@shop.example')).toEqual(['Bergen', 1]), patiently);
  const kept = async () => (await quarantined()).filter(({ sourceId }) => sourceId === 'shop-changes');
  await eventually(
    async () => expect(await kept()).toMatchObject([{ reason: 'is no JSON object', place: { row: 2 } }]),
    patiently,
  );

  await recordsAtRest();
  const gone = change('d', 400, { before: { id: 1, email: null, city: null } });
  await write(change('u', 300, { after: row('Bergen') }), gone, { key, value: null });
  await eventually(async () => expect(await person('changed1@shop.example')).toEqual([null, 2]), patiently);
  const sent = await changesOf('shop-changes');
  expect(sent.map(({ kind, changed }) => ({ kind, changed }))).toEqual([
    { kind: 'created', changed: { email: 'changed1@shop.example', city: 'Bergen' } },
    { kind: 'deleted', changed: { email: null, city: null } },
  ]);
}, 900_000);
