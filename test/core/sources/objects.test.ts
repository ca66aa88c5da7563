import { describe, expect, it } from 'vitest';
import { InvalidConfig, parseConfig } from '../../../lambdas/core/config/config.ts';
import { withKey, withRows } from '../../../lambdas/core/sources/definition.ts';

const to = { type: 'identify', traits: { '@path': '$.changed' } };
const people = { object: 'people', rows: 'records', key: ['id'], mappings: [{ to }] };
const withId = { ...to, context: { externalIds: [{ id: { '@path': '$.id' }, type: 'crm_id' }] } };
const orders = { object: 'orders', rows: 'events' };
const fieldsOf = (...objects: object[]): readonly string[] => {
  try {
    parseConfig({ sources: [{ id: 'crm', kind: 'files', objects }] });
    return [];
  } catch (error) {
    if (error instanceof InvalidConfig) return error.fields;
    throw error;
  }
};

describe('the objects of a source', () => {
  it.each([
    { name: 'events in Segment’s form', objects: [orders] },
    {
      name: 'records with all that they can have',
      objects: [{ ...people, updatedAt: 'at', deletes: 'clear', maxShrink: 1 }],
    },
    { name: 'records whose ids are released', objects: [{ ...people, deletes: 'unlink', mappings: [{ to: withId }] }] },
    { name: 'records that erase', objects: [{ ...people, deletes: 'erase', mappings: [{ to: withId }] }] },
    { name: 'several', objects: [people, orders] },
  ])('may be $name', ({ objects }) => expect(fieldsOf(...objects)).toEqual([]));

  it.each([
    { flaw: 'none', objects: [], field: 'sources[0].objects' },
    { flaw: 'one name twice', objects: [orders, { ...people, object: 'orders' }], field: 'sources[0].objects' },
    { flaw: 'records without a key', objects: [{ ...people, key: [] }], field: 'sources[0].objects[0].key' },
    { flaw: 'a column twice in a key', objects: [{ ...people, key: ['a', 'a'] }], field: 'sources[0].objects[0].key' },
    {
      flaw: 'records without mappings',
      objects: [{ ...people, mappings: [] }],
      field: 'sources[0].objects[0].mappings',
    },
    {
      flaw: 'a mapping without a type',
      objects: [{ ...people, mappings: [{ to: { traits: {} } }] }],
      field: 'sources[0].objects[0].mappings[0].to.type',
    },
    { flaw: 'a share above 1', objects: [{ ...people, maxShrink: 20 }], field: 'sources[0].objects[0].maxShrink' },
    {
      flaw: 'an unlink of nothing',
      objects: [{ ...people, deletes: 'unlink', mappings: [{ to }, { on: ['deleted'], to: withId }] }],
      field: 'sources[0].objects[0].deletes',
    },
    {
      flaw: 'an erasure by no id',
      objects: [{ ...people, deletes: 'erase', mappings: [{ to }] }],
      field: 'sources[0].objects[0].deletes',
    },
    { flaw: 'deletions of events', objects: [{ ...orders, deletes: 'clear' }], field: 'sources[0].objects[0]' },
    {
      flaw: 'an unknown type',
      objects: [{ ...orders, columns: { a: 'date' } }],
      field: 'sources[0].objects[0].columns.a',
    },
  ])('are refused with $flaw', ({ objects, field }) => {
    const fields = fieldsOf(...objects);
    expect(fields.length).toBeGreaterThan(0);
    for (const each of fields) expect(each).toContain(`${field}: `);
  });

  it('make a source one of rows, without a key', () => {
    const { sources } = parseConfig({
      sources: [
        { id: 'crm', kind: 'files', objects: [people] },
        { id: 'web', kind: 'browser', writeKey: 'a-write-key' },
      ],
    });
    expect([withKey(sources), withRows(sources)].map((found) => found.map(({ id }) => id))).toEqual([['web'], ['crm']]);
  });
});
