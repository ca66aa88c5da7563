import { describe, expect, it } from 'vitest';
import { loadIdOf, pieceKey } from '../../../lambdas/core/imports/load.ts';
import { importWorld, messageAbout, timeLeft } from '../../fixtures/in-memory/import.ts';

const place = { file: 'people.csv', line: 2 };
const orders = { object: 'orders', rows: 'events' };
const bought = {
  object: 'orders',
  rows: 'events',
  key: ['no'],
  time: 'at',
  mappings: [
    {
      to: {
        type: 'track',
        event: 'Order Completed',
        context: {
          traits: { email: { '@path': '$.row.email' } },
          externalIds: [{ id: { '@path': '$.row.crm' }, type: 'crm_id', collection: 'users', encoding: 'none' }],
        },
        properties: { total: { '@path': '$.row.total' } },
      },
    },
  ],
};
const people = {
  object: 'people',
  rows: 'records',
  key: ['id'],
  deletes: 'clear',
  mappings: [
    {
      to: {
        type: 'identify',
        context: { externalIds: [{ id: { '@path': '$.id' }, type: 'crm_id', collection: 'users', encoding: 'none' }] },
        traits: { '@path': '$.changed' },
      },
    },
  ],
};
const run = async (objects: readonly object[], lines: readonly unknown[]) => {
  const world = importWorld(objects);
  const answer = await world.worker()(world.stage(lines), timeLeft());
  expect(answer.batchItemFailures).toEqual([]);
  return world;
};
const change = (kind: string, changed: object, columns: object = {}) => ({
  record: { object: 'people', id: '7', kind, changed, columns, at: '2026-04-01T00:00:00Z', hash: 'h' },
});

describe('a piece', () => {
  it('of events in Segment’s form is sent as it is, at its own time, with an id of its own', async () => {
    const row = {
      type: 'track',
      event: 'Visit',
      userId: 'ann',
      timestamp: '2026-01-02T00:00:00Z',
      sentAt: '2026-01-02',
    };
    const world = await run(
      [orders],
      [
        { row, place },
        { row: { ...row, messageId: 'm1' }, place },
      ],
    );
    expect(world.events()).toMatchObject([
      {
        replayed: 'import',
        sourceId: 'crm',
        userId: 'ann',
        timestamp: '2026-01-02T00:00:00.000Z',
        receivedAt: '2026-05-01T10:01:00.000Z',
        messageId: expect.stringMatching(/^[\w-]{43}$/),
      },
      { messageId: 'm1' },
    ]);
  });

  it('is mapped, and admits any identifier', async () => {
    const row = { no: 1, at: '2026-02-03', email: 'ann@shop.example', crm: 'c1', total: 12.5 };
    const world = await run([bought], [{ row, place }]);
    expect(world.events()).toMatchObject([
      {
        type: 'track',
        timestamp: '2026-02-03T00:00:00.000Z',
        context: { traits: { email: 'ann@shop.example' }, externalIds: [{ id: 'c1', type: 'crm_id' }] },
        properties: { total: 12.5 },
      },
    ]);
  });

  it('groups the rows of a person in one record', async () => {
    const rows = ['ann', 'bob', 'ann'].map((userId, line) => ({
      row: { type: 'track', event: 'Visit', userId },
      place: { ...place, line },
    }));
    const world = await run([orders], rows);
    expect(world.sent.map(({ person, text }) => [person, text.trim().split('\n').length])).toEqual([
      ['ann', 2],
      ['bob', 1],
    ]);
  });

  it('of records sends what changed, and empties what a deleted one told', async () => {
    const world = await run(
      [people],
      [change('updated', { city: 'Ulm', phone: null }, { id: '7', city: 'Ulm' }), change('deleted', { city: null })],
    );
    expect(world.events()).toMatchObject([
      { type: 'identify', timestamp: '2026-04-01T00:00:00.000Z', traits: { city: 'Ulm', phone: null } },
      { type: 'identify', traits: { city: null } },
    ]);
  });

  it('stamps events of a change with the row that said it, and of a deletion that no row said without one', async () => {
    const at = { file: 'imports/files/crm/all.csv', line: 12, byte: 400 };
    const world = await run([people], [{ ...change('updated', { city: 'Ulm' }), place: at }, change('deleted', {})]);
    expect(world.events().map(({ context: { row } }) => row)).toEqual([
      { object: 'people', id: '7', file: at.file, line: 12 },
      { object: 'people', id: '7' },
    ]);
  });

  it('takes no stamp that a row claims, and refuses a context that is none', async () => {
    const own = { ...orders, mappings: [] };
    const call = { type: 'track', event: 'Seen', userId: 'ann', timestamp: '2026-02-03T00:00:00Z' };
    const world = await run(
      [own],
      [
        { row: { ...call, context: { row: { object: 'claimed' }, locale: 'de' } }, place },
        { row: { ...call, context: 'none' }, place },
      ],
    );
    expect(world.events().map(({ context }) => context)).toEqual([
      { locale: 'de', row: { object: 'orders', file: 'people.csv', line: 2 } },
    ]);
    expect(world.quarantine()).toMatchObject([{ field: 'context' }]);
  });

  it('of records releases the external ids that a deleted one gave, at the time of the deletion', async () => {
    const gone = { on: ['deleted'], to: { ...people.mappings[0]?.to, type: 'track', event: 'Gone' } };
    const world = await run(
      [{ ...people, deletes: 'unlink', mappings: [...people.mappings, gone] }],
      [change('created', { city: 'Ulm' }), change('deleted', { city: null }), change('deleted', { city: null })],
    );
    const [, , released, , again] = world.events();
    expect(released).toMatchObject({
      ...{ type: 'track', event: 'Identifier Released', sourceId: '@platform', replayed: 'import' },
      ...{ timestamp: '2026-04-01T00:00:00.000Z', properties: { release: 'crm_id:7', source: 'crm' } },
    });
    expect(again).toEqual(released);
    expect(world.events().map(({ type }) => type)).toEqual(['identify', 'track', 'track', 'track', 'track']);
    expect(world.sent.map(({ person }) => person)).toEqual(['7']);
  });

  it('of records releases nothing at a time that is wrong, or of an id that is blocked', async () => {
    const unlinked = { ...people, deletes: 'unlink' };
    const { record } = change('deleted', {});
    const late = { record: { ...record, at: '2026-05-03T00:00:00Z' } };
    const world = await run([unlinked], [late, { record: { ...record, id: 'null' } }]);
    expect([world.events(), world.quarantine().map(({ field }) => field)]).toEqual([[], ['timestamp']]);
  });

  it('counts each row once: sent, in quarantine, or told nobody', async () => {
    const kept = { ...people, deletes: 'keep' };
    const world = await run([kept], [change('created', { city: 'Ulm' }), change('deleted', {}), 'no json']);
    expect(world.ledger()).toMatchObject([
      { state: 'done', position: 3, counts: { rows: 3, sent: 1, quarantined: 1, untold: 1, events: 1 } },
    ]);
    expect(world.counted).toMatchObject([{ sourceId: 'crm', sent: 1 }]);
  });
});

describe('a source that keeps nothing about devices', () => {
  const row = {
    no: 1,
    at: '2026-02-03',
    email: 'ann@shop.example',
    total: 1,
    ip: '203.0.113.7',
    'User Agent': 'Safari',
  };
  const visits = {
    ...bought,
    mappings: [
      {
        to: {
          type: 'track',
          event: 'Visited',
          context: {
            ip: { '@path': '$.row.ip' },
            userAgent: { '@path': '$.row["User Agent"]' },
            traits: { email: { '@path': '$.row.email' } },
          },
          properties: { total: { '@path': '$.row.total' }, clientIp: { '@path': '$.row.ip' } },
        },
      },
    ],
  };
  const lines = [
    { row, place },
    { row: { ...row, no: null }, place },
    { bad: { place, reason: 'has too few columns', raw: '1;203.0.113.7' } },
  ];

  async function take(clientAnonymous: boolean) {
    const world = importWorld([visits], 1e12, { clientAnonymous });
    await world.worker()(world.stage(lines), timeLeft());
    return world;
  }

  it('sends rows without the address and the agent, and keeps bad ones without them', async () => {
    const world = await take(true);
    expect(world.events()).toMatchObject([
      { event: 'Visited', context: { traits: { email: row.email } }, properties: { total: 1 } },
    ]);
    expect(world.quarantine()).toHaveLength(2);
    expect([...world.lines(), ...world.bad.values()].join()).not.toMatch(/203\.0\.113\.7|Safari/);
  });

  it('and another source does keep them', async () => {
    const world = await take(false);
    expect(world.events()).toMatchObject([{ context: { ip: row.ip, userAgent: 'Safari' } }]);
    expect([...world.bad.values()].join()).toMatch(/203\.0\.113\.7/);
  });
});

describe('a bad row', () => {
  const good = { no: 1, at: '2026-02-03', email: 'ann@shop.example', total: 1 };
  it.each([
    { flaw: 'nobody', line: { row: { ...good, email: 'nobody' }, place }, reason: /^names nobody/ },
    { flaw: 'no key', line: { row: { ...good, no: null }, place }, reason: /column of the key/, field: 'no' },
    { flaw: 'a time in words', line: { row: { ...good, at: 'soon' }, place }, reason: /must hold a time/, field: 'at' },
    {
      flaw: 'a time two days after the import',
      line: { row: { ...good, at: '2026-05-03T10:00:00Z' }, place },
      reason: /more than a day after/,
      field: 'timestamp',
    },
    { flaw: 'more than 32 KB', line: { row: { ...good, total: 'x'.repeat(40_000) }, place }, reason: /larger than/ },
    {
      flaw: 'a flaw that its reader found',
      line: { bad: { place, reason: 'is short', raw: '1;2' } },
      reason: /^is short$/,
    },
    { flaw: 'a change where there are none', line: change('created', {}), reason: /is a change of a record/ },
    { flaw: 'no form', line: { what: 1 }, reason: /^is a line of a piece/ },
  ])('with $flaw is in quarantine, with its place, and costs no other', async ({ line, reason, field }) => {
    const world = await run([bought], [{ row: good, place }, line, { row: { ...good, no: 2 }, place }]);
    expect(world.events()).toHaveLength(2);
    expect(world.quarantine()).toMatchObject([
      { stage: 'import', sourceId: 'crm', reason: expect.stringMatching(reason), ...(field && { field }) },
    ]);
    if ('row' in line || 'bad' in line) expect(world.quarantine()).toMatchObject([{ place }]);
  });

  it('with two events of which one is bad sends neither', async () => {
    const two = {
      ...orders,
      mappings: [{ to: { type: 'track', event: 'x', userId: 'ann' } }, { to: { type: 'track' } }],
    };
    const world = await run([two], [{ row: { a: 1 }, place }]);
    expect([world.events().length, world.quarantine().length]).toEqual([0, 1]);
  });
});

describe('a message about an object', () => {
  it('that is no piece needs nothing', async () => {
    const world = importWorld([orders]);
    const about = messageAbout('imports/staged/crm/manifest.json');
    expect(await world.worker()(about, timeLeft())).toEqual({ batchItemFailures: [] });
  });

  it.each([
    { receives: 1, wait: 15 },
    { receives: 3, wait: 60 },
    { receives: 50, wait: 900 },
  ])(
    'of a source that nobody declared fails, and comes again: after $receives, in $wait s',
    async ({ receives, wait }) => {
      const world = importWorld([orders]);
      const loadId = loadIdOf({ startedAt: 0, name: 'a' });
      const about = messageAbout(pieceKey({ sourceId: 'shop', loadId, object: 'orders', number: 1 }), receives);
      await expect(world.worker()(about, timeLeft())).rejects.toThrow('no source shop with the object orders');
      expect(world.hidden).toEqual([wait]);
    },
  );

  it('comes again when there is no time left, and goes on where it was', async () => {
    const world = importWorld([orders]);
    const rows = Array.from({ length: 1_200 }, (_, line) => ({
      row: { type: 'track', event: 'Visit', userId: `u${line}` },
      place: { ...place, line },
    }));
    const about = world.stage(rows);
    let left = 3;
    const soon = { getRemainingTimeInMillis: () => (left-- > 1 ? 600_000 : 0) };
    const first = await world.worker()(about, soon);
    expect([first.batchItemFailures.length, world.events().length]).toEqual([1, 1_000]);
    expect(await world.worker()(about, timeLeft())).toEqual({ batchItemFailures: [] });
    expect(new Set(world.lines()).size).toBe(1_200);
    expect(world.lines()).toHaveLength(1_200);
  });
});

it('takes no more of the stream than its share, however many send', async () => {
  const world = importWorld([orders], 100_000);
  const rows = Array.from({ length: 400 }, (_, line) => ({
    row: { type: 'track', event: 'Visit', userId: `u${line}` },
    place: { ...place, line },
  }));
  for (const number of [1, 2, 3]) await world.worker()(world.stage(rows, number), timeLeft());
  expect(world.waits).toEqual([0, 4_000, 4_000]);
});
