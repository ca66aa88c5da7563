import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { leaseMilliseconds } from '../../../lambdas/core/imports/ledger.ts';
import { asCsv, chanceOf, chosenFaults, faults, fileOf, madeColumns, madeRows } from '../../fixtures/faulty-file.ts';
import { type ImportWorld, importWorld, messageAbout, timeLeft } from '../../fixtures/in-memory/import.ts';
import { seedOfRun, triesOf } from '../../fixtures/laws.ts';
import { asParquet } from '../../fixtures/made-parquet.ts';
import { dyingWith, type Ending, lifeOf } from '../../fixtures/mortal.ts';

const columns = Object.fromEntries(madeColumns);
const orders = {
  object: 'orders',
  rows: 'events',
  key: ['id'],
  columns,
  mappings: [
    {
      to: {
        type: 'track',
        event: 'Order Completed',
        userId: { '@path': '$.row.id' },
        properties: { '@path': '$.row' },
      },
    },
  ],
};
const key = 'imports/files/crm/2026/orders.csv';

/** Takes what S3 tells of a file, and then of each piece of it. */
async function run(world: ImportWorld, about: ReturnType<typeof messageAbout>, work = world.worker()) {
  expect(await work(about, timeLeft())).toEqual({ batchItemFailures: [] });
  for (const piece of [...world.pieces.keys()].sort())
    expect(await work(messageAbout(piece), timeLeft())).toEqual({ batchItemFailures: [] });
}
const summaryOf = (world: ImportWorld, name = '2026/orders.csv') =>
  JSON.parse(world.written.get(`imports/summaries/crm/${name}.json`) ?? '{}');
const eventsOf = (world: ImportWorld) =>
  world
    .events()
    .map(({ receivedAt: _, ...event }) => JSON.stringify(event))
    .sort();

/** All take a minute of a processor. */
const manyRows = triesOf(300_000);

it('each row of a file is sent or in quarantine, with its line', async () => {
  const seed = seedOfRun();
  const chance = chanceOf(seed);
  const rows = madeRows(chance, manyRows);
  const chosen = chosenFaults(chance, rows.length, 0.01, 1);
  const file = asCsv(rows, chosen);
  const world = importWorld([orders]);
  await run(world, world.drop(key, fileOf(gzipSync(file.bytes))));
  const bad = file.written.filter(({ fault }) => fault !== undefined);
  console.info(`seed ${seed}: ${world.events().length} sent, ${bad.length} in quarantine, ${world.pieces.size} pieces`);
  expect(new Set(world.events().map(({ messageId }) => messageId)).size + bad.length).toBe(manyRows);
  expect(world.events().length + bad.length).toBe(manyRows);
  expect(world.quarantine().map(({ reason, place }) => ({ reason, place }))).toEqual(
    bad.map(({ fault, line, byte }) => ({ reason: faults[fault as 'open'], place: { file: key, line, byte } })),
  );
  const summary = summaryOf(world);
  expect(summary).toMatchObject({ state: 'staged', rows: manyRows, good: manyRows - bad.length, bad: bad.length });
  const first = bad.filter(({ fault }) => fault === 'short').slice(0, 5);
  expect(summary.faults.find(({ reason }: { reason: string }) => reason === faults.short)?.first).toEqual(
    first.map(({ line, byte }) => ({ line, byte })),
  );
});

/** An event without its stamp, which says where the row stood in its file. */
const unstamped = (json: string) => {
  const { context: { row: _, ...context } = {} as Record<string, unknown>, ...event } = JSON.parse(json);
  return JSON.stringify({ ...event, context });
};

it('each event names the row that it was made of: its key, and its file and line', async () => {
  const rows = madeRows(chanceOf(4), 40);
  const file = asCsv(rows, new Map([[9, 'short']]));
  const world = importWorld([orders]);
  await run(world, world.drop(key, fileOf(file.bytes)));
  const lines = file.written.flatMap(({ fault, line }) => (fault === undefined ? [line] : []));
  expect(world.events().map(({ context: { row } }) => [row.line, row.file, row.object])).toEqual(
    lines.map((line) => [line, key, 'orders']),
  );
  for (const { userId, context } of world.events()) expect(context.row.id).toBe(userId);
});

it('the same rows become the same events with the same ids in each format', async () => {
  const rows = madeRows(chanceOf(seedOfRun()), 2_000);
  const csv = asCsv(rows, new Map()).bytes;
  const ndjson = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const told = [];
  for (const [format, bytes] of [
    ['csv', csv],
    ['csv', gzipSync(csv)],
    ['ndjson', ndjson],
    ['ndjson', gzipSync(ndjson)],
    ['json', Buffer.from(JSON.stringify(rows))],
    ['parquet', asParquet(rows)],
  ] as const) {
    const world = importWorld([orders], 1e12, { format });
    await run(world, world.drop(key, fileOf(bytes)));
    told.push(eventsOf(world).map(unstamped).sort());
  }
  expect(told[0]).toHaveLength(2_000);
  for (const each of told) expect(each).toEqual(told[0]);
});

it('tells of each file its rows, also of one that came before, and of one that is refused that it failed', async () => {
  const world = importWorld([orders]);
  const bytes = asCsv(madeRows(chanceOf(3), 50), new Map([[7, 'short']])).bytes;
  await run(world, world.drop(key, fileOf(bytes)));
  await run(world, world.drop('imports/files/crm/again.csv', fileOf(bytes)));
  await run(world, world.drop('imports/files/crm/other.csv', fileOf(Buffer.from('id,name\n1,Ann\n'))));
  await run(world, world.drop('imports/files/nobody/other.csv', fileOf(Buffer.from('id\n1\n'))));
  expect(world.loads).toEqual([
    { sourceId: 'crm', rows: 50 },
    { sourceId: 'crm', rows: 50 },
    { sourceId: 'crm', failed: 1 },
  ]);
});

describe('the same bytes', () => {
  const bytes = asCsv(madeRows(chanceOf(3), 50), new Map([[7, 'short']])).bytes;

  it('under another name, at any time, are staged once', async () => {
    const world = importWorld([orders]);
    await run(world, world.drop(key, fileOf(bytes)));
    const [sent, pieces] = [world.events().length, world.pieces.size];
    world.clock.now += 400 * 24 * 3_600_000;
    await run(world, world.drop('imports/files/crm/again.csv', fileOf(bytes), world.clock.now));
    expect([world.events().length, world.pieces.size]).toEqual([sent, pieces]);
    expect(summaryOf(world, 'again.csv')).toMatchObject({ state: 'known', rows: 50 });
  });

  it('end the same when a worker dies at any call, before or after it', async () => {
    const undisturbed = importWorld([orders]);
    let calls = 0;
    const counting =
      <Given extends unknown[], Result>(act: (...given: Given) => Promise<Result>) =>
      (...given: Given) => {
        calls += 1;
        return act(...given);
      };
    const dropped = undisturbed.drop(key, fileOf(bytes));
    await undisturbed.worker(counting)(dropped, timeLeft());
    await run(undisturbed, dropped);
    const { pieces, written } = undisturbed;
    expect(calls).toBe(6);
    for (const ending of ['before', 'after'] satisfies Ending[])
      for (let at = 0; at < calls; at += 1) {
        const world = importWorld([orders]);
        const about = world.drop(key, fileOf(bytes));
        let call = 0;
        const life = lifeOf(() => (call++ === at ? ending : undefined));
        void world.worker(dyingWith(life))(about, timeLeft());
        await life.end;
        world.clock.now += leaseMilliseconds + 1;
        await run(world, about);
        expect(eventsOf(world), `${ending} call ${at}`).toEqual(eventsOf(undisturbed));
        expect(world.pieces).toEqual(pieces);
        // Who died after the last write finds the bytes known.
        expect(summaryOf(world)).toEqual(summaryOf(undisturbed));
        expect([...world.written.keys()].sort()).toEqual([...written.keys()].sort());
      }
  });
});

describe('nothing is staged', () => {
  it.each([
    {
      name: 'of a file with too many bad rows',
      share: 0.5,
      rows: 400,
      why: /^\d+ of 400 rows are bad, and at most 10 % may be; nothing was sent$/,
    },
    {
      name: 'of a file without a column',
      text: 'id,name\n1,Ann\n',
      why: 'has no column amount, at, vip; it has id, name',
    },
    {
      name: 'of a file that is too large, where no job splits it',
      size: 300_000_000,
      why: 'has more than 268435456 bytes: set largeFiles of the source, or divide the file',
    },
    { name: 'of a file of no source', at: 'imports/files/shop/a.csv', why: 'no source of kind files has the id shop' },
  ])('$name, and its summary says why', async ({ share = 0, rows = 3, text, size, at = key, why }) => {
    const chance = chanceOf(5);
    const made = madeRows(chance, rows);
    const bytes = text === undefined ? asCsv(made, chosenFaults(chance, rows, share, 0)).bytes : Buffer.from(text);
    const world = importWorld([orders]);
    await run(world, world.drop(at, { ...fileOf(bytes), ...(size !== undefined && { size }) }));
    expect([...world.written.keys()]).toEqual([at.replace('files', 'summaries').concat('.json')]);
    const summary = JSON.parse([...world.written.values()][0] ?? '');
    expect(summary.state).toBe('refused');
    expect(summary.reason).toMatch(why);
  });

  it('of a folder', async () => {
    const world = importWorld([orders]);
    await run(world, messageAbout('imports/files/crm/2026/'));
    expect(world.written.size).toBe(0);
  });

  it('of a small file, if half of its rows are bad: the good ones go', async () => {
    const chance = chanceOf(5);
    const rows = madeRows(chance, 100);
    const world = importWorld([orders]);
    await run(world, world.drop(key, fileOf(asCsv(rows, chosenFaults(chance, 100, 0.5, 0)).bytes)));
    expect(world.events().length + world.quarantine().length).toBe(100);
  });
});

it('a file that is too large for a function goes to the job, one after the other', async () => {
  const world = importWorld([orders], 1e12, { largeFiles: true });
  const large = { ...fileOf(Buffer.alloc(0)), size: 300_000_000 };
  const first = world.drop(key, large);
  expect(await world.worker()(first, timeLeft())).toEqual({ batchItemFailures: [] });
  expect(world.split).toEqual([{ key, version: 'v1' }]);
  expect(summaryOf(world)).toMatchObject({ state: 'large', reason: 'has more than 268435456 bytes' });
  const second = world.drop('imports/files/crm/b.csv', large);
  expect((await world.worker()(second, timeLeft())).batchItemFailures).toHaveLength(1);
  expect(world.hidden).toEqual([900]);
});

it('rows of records wait to be compared, and their manifest is written last', async () => {
  const contacts = { ...orders, object: 'contacts', rows: 'records', mappings: [{ to: { type: 'identify' } }] };
  const world = importWorld([orders, contacts], 1e12, { complete: true });
  const rows = madeRows(chanceOf(9), 20);
  const { bytes, written } = asCsv(rows, new Map([[4, 'word']]));
  const at = 'imports/files/crm/contacts/all.csv';
  await run(world, world.drop(at, fileOf(bytes)));
  const [lines, manifest, , summary] = [...world.written];
  expect(lines?.[0]).toMatch(/^imports\/rows\/crm\/20260501T100000000Z-[0-9a-f]{64}\/contacts\/0\.ndjson\.gz$/);
  const staged = lines?.[1]
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(staged?.[0]).toEqual({ row: rows[0], place: { file: at, line: 2, byte: written[0]?.byte } });
  expect(staged?.[4]).toMatchObject({ bad: { reason: faults.word, place: { file: at, line: written[4]?.line } } });
  expect(manifest?.[0]).toMatch(/^imports\/rows\/crm\/[^/]+\/manifest\.json$/);
  expect(JSON.parse(manifest?.[1] ?? '')).toMatchObject({ source: 'crm', object: 'contacts', complete: true });
  expect(summary?.[0]).toBe('imports/summaries/crm/contacts/all.csv.json');
});

it('a file of a source of several objects must be in the folder of one', async () => {
  const world = importWorld([orders, { ...orders, object: 'visits' }]);
  await run(world, world.drop('imports/files/crm/loose.csv', fileOf(Buffer.from('id\n'))));
  expect(summaryOf(world, 'loose.csv')).toMatchObject({
    state: 'refused',
    reason: 'must be in the folder of an object of crm: orders, visits',
  });
});

it('leaves a mark for the bytes that it staged where the job of large files looks for it', async () => {
  const world = importWorld([orders]);
  const file = asCsv(madeRows(chanceOf(1), 3), new Map());
  await run(world, world.drop(key, fileOf(file.bytes)));
  const { load } = summaryOf(world);
  // cdp/files/large_file.py: its STATE, the source, and the name of the load.
  expect(world.written.get(`imports/state/files/crm/${load.slice(load.indexOf('-') + 1)}`)).toBe(key);
});
