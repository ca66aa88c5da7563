import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { emptyTable } from '../../lambdas/core/lake/empty-table.ts';
import { createHandler } from '../../lambdas/functions/tables/handler.ts';

const table = {
  name: 't',
  comment: 'A table',
  partition: ['days(at)'],
  columns: [{ name: 'at', type: 'timestamp', comment: 'When' }],
};
const eventOf = (RequestType: string, Tables = JSON.stringify([table])) =>
  ({
    RequestType,
    ResponseURL: 'https://stack.example/answer',
    StackId: 's',
    RequestId: 'r',
    LogicalResourceId: 'Made',
    ResourceProperties: { ServiceToken: 'arn', Tables, Ends: '["marts","maintain"]' },
  }) as unknown as CloudFormationCustomResourceEvent;

/** Runs the handler once and gives what CloudFormation was told, and what was asked for. */
async function run(event: CloudFormationCustomResourceEvent, fails = false) {
  const answers: [string, object][] = [];
  const asked: unknown[] = [];
  const make = async (declared: readonly unknown[]) => {
    asked.push(declared);
    if (fails) throw new Error('no such bucket');
    return ['t'];
  };
  const ends: string[] = [];
  await createHandler({
    make,
    countEnd: (job) => void ends.push(job),
    answer: async (url, answer) => void answers.push([url, answer]),
    info: () => {},
  })(event);
  return { answers, asked, ends };
}

const whose = { StackId: 's', RequestId: 'r', LogicalResourceId: 'Made', PhysicalResourceId: 'Made' };

describe('a deployment', () => {
  it.each(['Create', 'Update'])('makes the declared tables (%s)', async (type) => {
    const { answers, asked } = await run(eventOf(type));
    expect([answers, asked]).toEqual([[['https://stack.example/answer', { ...whose, Status: 'SUCCESS' }]], [[table]]]);
  });

  it.each([
    { type: 'Create', fails: false, ends: ['marts', 'maintain'] },
    { type: 'Create', fails: true, ends: [] },
    { type: 'Update', fails: false, ends: [] },
    { type: 'Delete', fails: false, ends: [] },
  ])('counts the ends of chains once, when the lake is made ($type, fails: $fails)', async ({ type, fails, ends }) =>
    expect(await run(eventOf(type), fails)).toMatchObject({ ends }),
  );

  it('leaves them when the stack goes', async () => {
    const { answers, asked } = await run(eventOf('Delete'));
    expect([answers, asked]).toEqual([[['https://stack.example/answer', { ...whose, Status: 'SUCCESS' }]], []]);
  });

  it.each([
    {
      name: 'making fails',
      event: eventOf('Create'),
      fails: true,
      reason: "the lake's tables could not be made: no such bucket",
    },
    {
      name: 'it is asked for nothing that can be read',
      event: eventOf('Create', '['),
      fails: false,
      reason: expect.stringContaining('could not be made'),
    },
  ])('fails with a reason and does not hang when $name', async ({ event, fails, reason }) => {
    expect((await run(event, fails)).answers).toEqual([
      ['https://stack.example/answer', { ...whose, Status: 'FAILED', Reason: reason }],
    ]);
  });
});

describe('an empty table', () => {
  const place = { location: 's3://b/tables/t', uuid: 'u', now: 1 };
  const fieldsOf = (types: readonly string[]) =>
    emptyTable(
      { ...table, partition: [], columns: types.map((type, at) => ({ name: `c${at}`, type, comment: '' })) },
      place,
    );

  it('is partitioned as Spark would partition it', () => {
    const { 'partition-specs': specs, 'last-partition-id': last } = emptyTable(table, place);
    expect([specs, last]).toEqual([
      [{ 'spec-id': 0, fields: [{ name: 'at_day', transform: 'day', 'source-id': 1, 'field-id': 1000 }] }],
      1000,
    ]);
  });

  it('is partitioned by a column itself', () =>
    expect(emptyTable({ ...table, partition: ['at'] }, place)['partition-specs']).toEqual([
      { 'spec-id': 0, fields: [{ name: 'at', transform: 'identity', 'source-id': 1, 'field-id': 1000 }] },
    ]));

  it('numbers columns first and what is inside them then', () => {
    const { schemas, 'last-column-id': last } = fieldsOf([
      'array<struct<currency:string,revenue:decimal(28,4)>>',
      'bigint',
    ]);
    const struct = {
      type: 'struct',
      fields: [
        { id: 4, name: 'currency', required: false, type: 'string' },
        { id: 5, name: 'revenue', required: false, type: 'decimal(28, 4)' },
      ],
    };
    expect(schemas[0]?.fields.map(({ id, type }) => [id, type])).toEqual([
      [1, { type: 'list', 'element-id': 3, 'element-required': false, element: struct }],
      [2, 'long'],
    ]);
    expect(last).toBe(5);
  });

  it.each(['float', 'map<string,string>', 'varchar(3)', 'constructor'])('of no type that is not known: %s', (type) =>
    expect(() => fieldsOf([type])).toThrow(`of type ${type}`),
  );

  it('is partitioned by nothing else', () =>
    expect(() => emptyTable({ ...table, partition: ['bucket(at)'] }, place)).toThrow('bucket(at)'));
});
