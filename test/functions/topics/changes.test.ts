import { expect, it } from 'vitest';
import type { TopicRecord } from '../../../lambdas/functions/topics/record.ts';
import { recordOf, topicsWorld } from '../../fixtures/in-memory/topics.ts';

const people = {
  ...{ object: 'people', rows: 'records', topic: 'people', key: ['id'], envelope: { kind: 'debezium' } },
  mappings: [{ to: { type: 'identify', traits: { '@path': '$.changed' } } }],
};
const at = Date.parse('2026-05-01T10:00:00Z');
const change = (lsn: number, offset: number, more: Partial<TopicRecord> = {}) =>
  recordOf(`{"op":"u","after":{"id":1,"n":1.50},"source":{"lsn":${lsn}}}`, {
    ...{ topic: 'people', offset, timestamp: at + offset },
    key: Buffer.from('{"id":1}').toString('base64'),
    ...more,
  });
const rowsOf = (left: ReadonlyMap<string, string>) =>
  [...left].flatMap(([key, text]) => (key.endsWith('.gz') ? text.trimEnd().split('\n') : []));

it('changes become a load that the job of records takes, and no event', async () => {
  const world = topicsWorld(people);
  const torn = { ...recordOf('{"op":', { topic: 'people', offset: 9 }), timestamp: at };
  await world.take([change(7, 3), torn, recordOf(null, { topic: 'people', offset: 10, timestamp: at })]);
  expect([world.events(), world.quarantine()]).toEqual([[], []]);
  const [rows, manifest] = [...world.left.keys()];
  const load = /^imports\/rows\/bus\/(20260501T100000003Z-[0-9a-f]{64})\//.exec(rows ?? '')?.[1];
  expect([rows, manifest]).toEqual([
    `imports/rows/bus/${load}/people/0.ndjson.gz`,
    `imports/rows/bus/${load}/manifest.json`,
  ]);
  const row = '{"op":"u","after":{"id":1,"n":1.50},"source":{"lsn":7}}';
  expect(rowsOf(world.left)).toEqual([
    `{"row":${row},"place":{"file":"people-0","row":3},"key":{"id":1}}`,
    '{"bad":{"place":{"file":"people-0","row":9},"reason":"is no JSON object","raw":"{\\"op\\":"}}',
  ]);
  expect(JSON.parse(world.left.get(manifest ?? '') ?? '')).toEqual({
    ...{ source: 'bus', load, object: 'people', complete: false, startedAt: '2026-05-01T10:00:00.003Z' },
  });
});

it('the same records again are the same load, and others never take the place of a load', async () => {
  const world = topicsWorld(people);
  const all = [change(7, 3), change(8, 4), change(9, 5, { timestamp: at })];
  await world.take(all);
  const before = new Map(world.left);
  await world.take(all, at + 3_600_000);
  expect(world.left).toEqual(before);
  await world.take(all.slice(0, 2), at + 5);
  await world.take([...all, change(10, 6, { timestamp: at })], at + 5);
  expect(world.left.size).toBe(3 * before.size);
});

it('tombstones alone leave nothing', async () => {
  const world = topicsWorld(people);
  await world.take([recordOf(null, { topic: 'people', timestamp: at })]);
  expect(world.left.size).toBe(0);
});

it('a lake that takes nothing fails the batch, so that Kafka gives it again', async () => {
  const world = topicsWorld(people);
  world.refuses.add('lake');
  await expect(world.take([change(7, 3)])).rejects.toThrow('not now');
});
