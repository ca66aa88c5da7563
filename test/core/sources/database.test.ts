import { describe, expect, it } from 'vitest';
import { InvalidConfig, parseConfig } from '../../../lambdas/core/config/config.ts';

const orders = { object: 'orders', rows: 'records', key: ['id'], mappings: [{ to: { type: 'identify' } }] };
const shop = {
  id: 'shop',
  kind: 'database',
  engine: 'postgresql',
  host: 'db.shop.example',
  database: 'shop',
  secret: 'shop/reader',
  objects: [orders],
  reads: { orders: { table: 'public.orders', cursor: 'changed' } },
};

function flawsOf(source: object): readonly string[] {
  try {
    parseConfig({ sources: [{ ...shop, ...source }] });
    return [];
  } catch (error) {
    if (error instanceof InvalidConfig) return error.fields;
    throw error;
  }
}

describe('a database', () => {
  it.each([
    ['postgresql', 5432],
    ['mysql', 3306],
    ['mariadb', 3306],
  ])('of %s has the port %i', (engine, port) => {
    expect(parseConfig({ sources: [{ ...shop, engine }] }).sources[0]).toMatchObject({ port, tls: 'verify' });
  });

  it.each([
    { name: 'a query', source: { reads: { orders: { query: 'select * from orders where id > 5' } } } },
    { name: 'parts', source: { reads: { orders: { table: 'orders', partition: { column: 'id', parts: 8 } } } } },
    {
      name: 'a place in a VPC',
      source: { connection: { subnet: 'subnet-1', availabilityZone: 'eu-west-1a', securityGroups: ['sg-1'] } },
    },
    { name: 'a secret of RDS', source: { secret: 'rds!db-6f9619ff-8b86-d011-b42d-00c04fc964ff' } },
    { name: 'its address in its secret', source: { host: undefined } },
    { name: 'events', source: { objects: [{ object: 'orders', rows: 'events', key: ['id'] }] } },
  ])('may have $name', ({ source }) => expect(flawsOf(source)).toEqual([]));

  it.each([
    { flaw: 'an address of JDBC', source: { host: 'jdbc:mariadb://db/shop' }, field: 'host: must be the name' },
    { flaw: 'a port in its host', source: { host: 'db:5432' }, field: 'host' },
    { flaw: 'an engine that nobody reads', source: { engine: 'oracle' }, field: 'engine' },
    { flaw: 'an object that nothing reads', source: { reads: {} }, field: 'objects[0]: reads.orders' },
    {
      flaw: 'a read of no object',
      source: { reads: { ...shop.reads, people: { table: 'people' } } },
      field: 'reads.people',
    },
    { flaw: 'neither table nor query', source: { reads: { orders: {} } }, field: 'reads.orders' },
    {
      flaw: 'two statements',
      source: { reads: { orders: { query: 'select 1; drop table orders' } } },
      field: 'reads.orders.query',
    },
    {
      flaw: 'parts by a column that may change',
      source: { reads: { orders: { table: 'orders', partition: { column: 'total', parts: 2 } } } },
      field: 'reads.orders.partition.column',
    },
    {
      flaw: 'events without a key',
      source: { objects: [{ object: 'orders', rows: 'events' }] },
      field: 'objects[0].key',
    },
    {
      flaw: 'no overlap',
      source: { reads: { orders: { table: 'orders', overlapMinutes: 0 } } },
      field: 'overlapMinutes',
    },
    {
      flaw: 'a certificate that nobody checks',
      source: { tls: 'off', certificate: '-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----' },
      field: 'certificate',
    },
    { flaw: 'a password in its declaration', source: { password: 'x' }, field: 'sources[0]' },
  ])('is refused with $flaw', ({ source, field }) => {
    expect(flawsOf(source).join('\n')).toContain(field);
  });
});
