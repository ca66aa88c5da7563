import { describe, expect, it } from 'vitest';
import { InvalidConfig, parseConfig } from '../../../lambdas/core/config/config.ts';
import { declaredFiles } from '../../../lambdas/core/config/declared-files.ts';
import { declaredRecords } from '../../../lambdas/core/config/declared-records.ts';

const mappings = [{ to: { type: 'identify', traits: { '@path': '$.changed' } } }];
const people = { object: 'people', rows: 'records', key: ['id'], columns: { vip: 'boolean' }, mappings };
const connection = { kind: 'brokers', brokers: ['kafka.example.com:9096'] };
const debezium = { kind: 'debezium' };
const dms = { kind: 'dms', position: 'seq' };
const files = (envelope: object, more: object = {}) => ({
  ...{ id: 'shop', kind: 'files', format: 'ndjson', largeFiles: true, objects: [{ ...people, envelope }] },
  ...more,
});
const topic = (envelope: object | undefined) => ({
  ...{ id: 'shop', kind: 'kafka', connection },
  objects: [{ ...people, topic: 'shop.people', envelope }],
});
const parsed = (source: object) => parseConfig({ sources: [source] } as never);

function fieldsOf(source: object): readonly string[] {
  try {
    parsed(source);
    return [];
  } catch (error) {
    if (error instanceof InvalidConfig) return error.fields;
    throw error;
  }
}

describe('an envelope', () => {
  it.each([
    { name: 'Debezium’s in files', source: files(debezium) },
    { name: 'Debezium’s in a topic', source: topic(debezium) },
    { name: 'of files of DMS', source: files(dms, { format: 'csv' }) },
    { name: 'of messages of DMS in files', source: files({ kind: 'dms' }) },
    { name: 'of messages of DMS in a topic, in another log', source: topic({ kind: 'dms', log: 2 }) },
  ])('may be $name', ({ source }) => expect(fieldsOf(source)).toEqual([]));

  const field = 'sources[0].objects[0].envelope';
  it.each([
    { flaw: 'of nobody', source: files({ kind: 'maxwell' }), at: `${field}.kind` },
    { flaw: 'of a log that no number counts', source: files({ ...debezium, log: 0 }), at: `${field}.log` },
    { flaw: 'Debezium’s in CSV', source: files(debezium, { format: 'csv' }), at: `${field}.kind` },
    { flaw: 'of DMS without a place', source: files({ kind: 'dms' }, { format: 'parquet' }), at: `${field}.position` },
    { flaw: 'in complete files', source: files(debezium, { complete: true }), at: field },
    { flaw: 'missing in a topic of records', source: topic(undefined), at: field },
  ])('is refused $flaw', ({ source, at }) => expect(fieldsOf(source)).toEqual([expect.stringContaining(at)]));

  it('is not for other sources, which know the last version themselves', () => {
    const query = { id: 'scores', kind: 'query', sql: 'select 1', objects: [{ ...people, envelope: debezium }] };
    expect(fieldsOf(query)).toEqual([expect.stringContaining('sources[0].objects[0]')]);
  });

  it.each([
    { source: files(debezium), atReading: {}, opened: { kind: 'debezium', log: 1, columns: { vip: 'boolean' } } },
    { source: files(dms), atReading: { vip: 'boolean' }, opened: { kind: 'dms', log: 1, position: 'seq' } },
  ])('with $opened gets the types of its columns once', ({ source, atReading, opened }) => {
    const { sources } = parsed(source);
    expect(declaredFiles(sources)).toMatchObject({ shop: { objects: { people: { columns: atReading } } } });
    expect(declaredRecords(sources).shop?.people?.envelope).toEqual(opened);
  });
});
