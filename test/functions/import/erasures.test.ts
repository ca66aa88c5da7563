import { describe, expect, it } from 'vitest';
import { leaseMilliseconds } from '../../../lambdas/core/imports/ledger.ts';
import type { ImportDeps } from '../../../lambdas/functions/import/handler.ts';
import { kinesisEvent } from '../../fakes/kinesis.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf } from '../../fixtures/events.ts';
import { type ImportWorld, importWorld, timeLeft } from '../../fixtures/in-memory/import.ts';
import { officerInMemory } from '../../fixtures/in-memory/officer.ts';
import { stitchInMemory } from '../../fixtures/in-memory/stitch.ts';
import { dyingWith, type Ending, lifeOf } from '../../fixtures/mortal.ts';

const contacts = {
  object: 'contacts',
  rows: 'records',
  key: ['id'],
  deletes: 'erase',
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

const noon = (day: number) => `2026-04-0${day}T12:00:00Z`;
const change = (kind: string, day: number, changed: object = {}, id = '7') => ({
  record: { object: 'contacts', id, kind, changed, columns: {}, at: noon(day), hash: `${kind} ${day}` },
});
const created = change('created', 1, { email: 'ann@example.com' });
const deleted = change('deleted', 2);
const former = `crm_id~${Date.parse(noon(2))}:7`;

/** Pieces of one load, taken one after another. */
async function take(world: ImportWorld, pieces: readonly (readonly unknown[])[], more: Partial<ImportDeps> = {}) {
  for (const [n, lines] of pieces.entries())
    expect(await world.worker(undefined, more)(world.stage(lines, n), timeLeft())).toEqual({ batchItemFailures: [] });
}

describe('a deletion that erases', () => {
  it('files one request, about what the record’s ids were until then, and releases them', async () => {
    const world = importWorld([contacts]);
    await take(world, [[created, deleted], [deleted]]);
    world.clock.now += 86_400_000;
    await take(world, [[], [], [deleted, change('deleted', 3, {}, 'null')]]);
    expect(await world.requests()).toEqual([
      {
        requestId: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/),
        ...{ type: 'erasure', regulation: 'gdpr', state: 'received', source: 'crm', keys: [former], profileIds: [] },
        submittedAt: '2026-05-01T10:01:00.000Z',
        receivedAt: '2026-05-01T10:01:00.000Z',
        answerBy: '2026-05-29T10:01:00.000Z',
      },
    ]);
    expect(world.events().map(({ event }) => event ?? 'identify')).toEqual([
      'identify',
      ...['Identifier Released', 'Identifier Released', 'Identifier Released'],
    ]);
  });

  it('files nothing for a time that is wrong, nor for other deletions', async () => {
    const world = importWorld([contacts]);
    await take(world, [[{ record: { ...deleted.record, at: '2026-05-03T00:00:00Z' } }, created]]);
    const others = importWorld([{ ...contacts, deletes: 'unlink' }]);
    await take(others, [[deleted]]);
    expect([await world.requests(), await others.requests()]).toEqual([[], []]);
  });

  it('is filed when a worker dies at any call, before or after it, and once', async () => {
    const lines = [created, deleted, change('deleted', 3, {}, '8')];
    const calm = importWorld([contacts]);
    await take(calm, [lines]);
    const wanted = (await calm.requests()).map(({ requestId }) => requestId).sort();
    expect(wanted).toHaveLength(2);
    let isAlive = false;
    for (let at = 0; !isAlive; at++)
      for (const ending of ['before', 'after'] satisfies Ending[]) {
        const world = importWorld([contacts]);
        const about = world.stage(lines);
        let call = 0;
        const life = lifeOf(() => (call++ === at ? ending : undefined));
        const end = await Promise.race([life.end, world.worker(dyingWith(life))(about, timeLeft())]);
        isAlive = end !== undefined;
        world.clock.now += leaseMilliseconds + 1;
        await world.worker()(about, timeLeft());
        expect((await world.requests()).map(({ requestId }) => requestId).sort(), `${ending} call ${at}`).toEqual(
          wanted,
        );
      }
  });
});

describe('an officer who runs what a source filed', () => {
  const config = configOf();
  const namesIn = (table: MemoryTable) => table.live().map(({ identifiers }) => [...identifiers.keys()].sort());

  async function imported(...lines: readonly unknown[]) {
    const [world, table] = [importWorld([contacts]), new MemoryTable()];
    await take(world, [lines], { fileErasures: table.forImports() });
    const records = world.sent.map(({ text }) => text);
    return { table, officer: officerInMemory(table, config), stitch: () => stitched(table, records) };
  }

  const stitched = (table: MemoryTable, records: readonly string[]) =>
    stitchInMemory(table, { config }).handler(kinesisEvent([...records]));

  it('erases the whole person whom the record named, and not whoever has the id since', async () => {
    const reused = change('created', 3, { email: 'bob@example.com' });
    const { table, officer, stitch } = await imported(created, deleted, reused);
    await stitch();
    expect(namesIn(table)).toHaveLength(2);
    const [done] = await officer.runFiledBy('crm');
    expect(done).toMatchObject({
      request: { state: 'waiting', keys: [former, 'email:ann@example.com'], source: 'crm' },
    });
    expect(namesIn(table)).toEqual([['crm_id:7', 'email:bob@example.com']]);
    // What was said comes back with a replay, and is kept out.
    await stitch();
    expect(namesIn(table)).toEqual([['crm_id:7', 'email:bob@example.com']]);
    expect(await officer.runFiledBy('crm')).toEqual([]);
    expect(await officer.runFiledBy('shop')).toEqual([]);
  });

  it('is refused what nobody has yet, and may run it again or cancel it', async () => {
    const { table, officer, stitch } = await imported(created, deleted, change('deleted', 3, {}, '8'));
    const refused = { requestId: expect.any(String), refused: expect.stringContaining('run the request again later') };
    expect(await officer.runFiledBy('crm')).toEqual([refused, refused]);
    await stitch();
    const [erased, nobody] = await officer.runFiledBy('crm');
    expect([erased, nobody]).toEqual([{ request: expect.objectContaining({ state: 'waiting' }) }, refused]);
    expect(namesIn(table)).toEqual([]);
    const [left] = (await officer.list()).filter(({ state }) => state === 'received');
    expect(await officer.cancel(left?.requestId ?? '')).toMatchObject({ state: 'cancelled' });
  });
});
