import { describe, expect, it } from 'vitest';
import { receiptVerifier } from '../../../lambdas/adapters/secrets/receipt-signer.ts';
import { verifyReceipts } from '../../../lambdas/core/privacy/receipt-file.ts';
import type { Filing } from '../../../lambdas/core/privacy/request.ts';
import type { MemoryTable } from '../../fakes/memory-table.ts';
import { Died, dying } from '../../fixtures/dying-officer.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { annAndBob, fileAndRun, filing, sendTo } from '../../fixtures/in-memory/ann-and-bob.ts';
import { officerInMemory, requestIdOf, stitched } from '../../fixtures/in-memory/officer.ts';

const sources = [
  { id: 'crm', kind: 'server', writeKey: 'write-key-of-crm' },
  { id: 'web', kind: 'browser', writeKey: 'write-key-of-web' },
];
const survivorship = { phase: { keep: 'most_trusted', sources: ['crm', 'web'] } };
const spent = { key: 'spent', compute: { kind: 'count', event: 'Order Completed' } };
const config = configOf({ sources, survivorship });
const send = sendTo(config);
const rectify = (n: number, traits: Record<string, unknown>): Filing => ({ ...filing(n, 'rectify'), traits });
const ofAnn = ['anonymous_id:phone', 'anonymous_id:tablet', 'email:ann@example.com', 'user_id:ann'];

/** Ann, of whom a shop says a wrong city and a CRM a wrong phase, and Bob. */
async function wrongAnn(): Promise<MemoryTable> {
  const table = await annAndBob(config);
  const said = { type: 'identify', userId: 'ann', timestamp: minute(3), receivedAt: minute(3) };
  await send(table, eventOf({ ...said, sourceId: 'web', traits: { city: 'Bon', nickname: 'Annie', phase: 'new' } }));
  await send(table, eventOf({ ...said, sourceId: 'crm', traits: { phase: 'lost' } }));
  return table;
}

const traitsOf = (table: MemoryTable, userId: string) => {
  const profile = table.live().find(({ identifiers }) => identifiers.has(`user_id:${userId}`));
  return Object.fromEntries([...(profile?.traits ?? [])].map(([name, { value }]) => [name, value]));
};

describe('a rectification', () => {
  it.each(ofAnn)('by %s gives the whole person the right values, and nobody else', async (name) => {
    const table = await wrongAnn();
    const right = { city: 'Bonn', nickname: null, phase: 'loyal', size: 38 };
    const done = await fileAndRun(officerInMemory(table, config), rectify(1, right), name);
    expect(done).toMatchObject({ state: 'completed', keys: ofAnn });
    expect(traitsOf(table, 'ann')).toEqual({ email: 'ann@example.com', ...right });
    expect(traitsOf(table, 'bob')).toEqual({});
  });

  it('holds until a source that counts says another value', async () => {
    const table = await wrongAnn();
    await fileAndRun(officerInMemory(table, config), rectify(1, { city: 'Bonn', phase: 'loyal' }), 'user_id:ann');
    const later = { timestamp: '2026-05-01T13:00:00.000Z', receivedAt: '2026-05-01T13:00:00.000Z' };
    const said = { type: 'identify', userId: 'ann', traits: { city: 'Köln', phase: 'new' }, ...later };
    // What came late from before does not.
    await send(table, eventOf({ ...said, sourceId: 'crm', timestamp: minute(9) }));
    expect(traitsOf(table, 'ann')).toMatchObject({ city: 'Bonn', phase: 'loyal' });
    await send(table, eventOf({ ...said, sourceId: 'web' }));
    expect(traitsOf(table, 'ann')).toMatchObject({ city: 'Köln', phase: 'loyal' });
    await send(table, eventOf({ ...said, sourceId: 'crm', traits: { phase: 'back' } }));
    expect(traitsOf(table, 'ann')).toMatchObject({ phase: 'back' });
  });

  it('shows old and right values before, and its request and its receipt have neither', async () => {
    const table = await wrongAnn();
    const officer = officerInMemory(table, config);
    const wish = rectify(1, { city: 'Bonn', nickname: null, phase: 'loyal' });
    expect((await officer.preview(['user_id:ann'], wish)).rectified).toEqual([
      { trait: 'city', from: 'Bon', saidBy: 'web', to: 'Bonn' },
      { trait: 'nickname', from: 'Annie', saidBy: 'web', to: null },
      { trait: 'phase', from: 'lost', saidBy: 'crm', to: 'loyal', overwrittenBy: ['crm'] },
    ]);
    expect(await officer.list()).toEqual([]);
    const { keys: _keys, ...done } = await fileAndRun(officer, wish, 'user_id:ann');
    const receipts = await officer.receipts(requestIdOf(1));
    expect(`${JSON.stringify(done)}${receipts}`).not.toMatch(/Bon|Annie|loyal|lost|nickname|ann|phone|tablet/);
    expect(verifyReceipts(receipts, receiptVerifier)).toMatchObject({
      ...{ ok: true, file: { receipts: [{ ended: 'rectified', found: 3 }] } },
    });
    expect(done.receipts?.[0]?.evidence).toContain('2 values, and 1 removed');
  });

  it('corrects an e-mail address, which is an identifier then, but merges nobody', async () => {
    const table = await wrongAnn();
    const officer = officerInMemory(table, config);
    await send(table, eventOf({ type: 'identify', userId: 'cleo', traits: { email: 'cleo@example.com' } }));
    const wrong = rectify(1, { email: 'Cleo@example.com' });
    for (const act of [officer.preview(['user_id:ann'], wrong), officer.file(wrong, ['user_id:ann'])])
      await expect(act).rejects.toThrow('traits has the email of somebody else, who would merge');
    await fileAndRun(officer, rectify(2, { email: 'anna@example.com' }), 'email:ann@example.com');
    expect(traitsOf(table, 'ann')).toMatchObject({ email: 'anna@example.com' });
    const ofPerson = ['user_id:ann', 'email:anna@example.com', 'email:ann@example.com'];
    expect(
      new Set(
        ofPerson.map((name) =>
          table.live().findIndex(({ identifiers }) => [...identifiers.keys()].some((id) => id === name)),
        ),
      ).size,
    ).toBe(1);
  });

  it('merges nobody either who came while it waited', async () => {
    const table = await wrongAnn();
    const officer = officerInMemory(table, config);
    await fileAndRun(officer, filing(1), 'user_id:ann');
    const wish = rectify(2, { email: 'cleo@example.com' });
    expect(await fileAndRun(officer, wish, 'user_id:ann')).toMatchObject({ state: 'waiting' });
    await send(table, eventOf({ type: 'identify', userId: 'cleo', traits: { email: 'cleo@example.com' } }));
    await fileAndRun(officer, filing(3, 'unsuppress'), 'user_id:ann');
    await expect(officer.run(requestIdOf(2))).rejects.toThrow('traits has the email of somebody else, who would merge');
    expect((await officer.runOpen()).failed).toHaveLength(1);
    expect(await officer.cancel(requestIdOf(2))).not.toHaveProperty('calls');
    expect(await officer.runOpen()).toMatchObject({ done: [], failed: [] });
    expect(table.live()).toHaveLength(3);
  });

  it.each([
    { traits: { ['n'.repeat(129)]: 1 }, problem: 'traits has a name of more than 128 bytes' },
    { traits: {}, problem: 'traits must have the right value of each trait, or null to remove it' },
    { traits: { spent: 3 }, problem: 'traits.spent is computed of events' },
    { traits: { city: 'x'.repeat(9000) }, problem: 'traits.city is longer than 8192 bytes' },
    { traits: Object.fromEntries([1, 2, 3].map((n) => [`t${n}`, 'x'.repeat(8000)])), problem: 'traits are too many' },
    { traits: { a: { b: Number.POSITIVE_INFINITY } }, problem: 'traits.a.b is a number too large to keep' },
    { traits: { city: 'Bonn' }, about: ['user_id:nobody'], problem: 'nobody has these identifiers' },
    { traits: { city: 'Bonn' }, about: ['user_id:ann', 'user_id:bob'], problem: 'lead to several profiles' },
    { type: 'suppress' as const, traits: { city: 'Bonn' }, problem: 'traits are for the type rectify; got suppress' },
    { type: 'rectify' as const, traits: { city: 'Bonn' }, purposes: [], problem: 'purposes are for the type opt_out' },
  ])('is refused: $problem', async ({ problem, about = ['user_id:ann'], ...wish }) => {
    const officer = officerInMemory(await wrongAnn(), configOf({ sources, traits: [spent] }));
    const asked = { ...rectify(1, {}), ...wish };
    await expect(officer.preview(about, asked)).rejects.toThrow(problem);
    await expect(officer.file(asked, about)).rejects.toThrow(problem);
    expect(await officer.list()).toEqual([]);
  });

  it.each([
    { many: 10, bytes: 8_000, is: 'is remembered without its value' },
    { many: 100, bytes: 1_000, is: 'is not even remembered' },
  ])('is said once and is over if the profile has no room, and its trait $is', async ({ many, bytes }) => {
    const table = await wrongAnn();
    const later = { timestamp: '2026-05-01T12:30:00.000Z', receivedAt: '2026-05-01T12:30:00.000Z' };
    const traits = Object.fromEntries(Array.from({ length: many }, (_, n) => [`t${n}`, 'x'.repeat(bytes)]));
    await send(table, eventOf({ type: 'identify', userId: 'ann', traits, ...later }));
    const said: string[] = [];
    const officer = officerInMemory(table, config, {
      send: async (records) => {
        said.push(...records.map(({ text }) => text));
        return stitched(table, config)(records);
      },
    });
    await fileAndRun(officer, rectify(1, { city: 'Bonn' }), 'user_id:ann');
    for (let hours = 0; hours < 3; hours++) await officer.runOpen();
    expect(said).toHaveLength(1);
    const done = await officer.show(requestIdOf(1));
    expect(done).toMatchObject({ state: 'completed', receipts: [{ ended: 'rectified', found: 0 }] });
    expect(done).not.toHaveProperty('calls');
    expect(done.receipts?.[0]?.evidence).toContain('the profile has no room for 1 of them, which only the lake has');
    expect(traitsOf(table, 'ann').city ?? null).toBeNull();
  });

  it('is said before it is over, also if its profile ran out of room while it waited and nothing was said', async () => {
    const table = await wrongAnn();
    const said: string[] = [];
    const officer = officerInMemory(table, config, {
      send: async (records) => {
        said.push(...records.map(({ text }) => text));
        return stitched(table, config)(records);
      },
    });
    await fileAndRun(officer, filing(1), 'user_id:ann');
    const wish = rectify(2, { city: 'Bonn' });
    expect(await fileAndRun(officer, wish, 'user_id:ann')).toMatchObject({ state: 'waiting' });
    await fileAndRun(officer, filing(3, 'unsuppress'), 'user_id:ann');
    expect(said).toEqual([]);
    const later = { timestamp: '2026-05-01T12:30:00.000Z', receivedAt: '2026-05-01T12:30:00.000Z' };
    const traits = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`t${n}`, 'x'.repeat(1_000)]));
    await send(table, eventOf({ type: 'identify', userId: 'ann', traits, ...later }));
    for (let hours = 0; hours < 3; hours++) await officer.runOpen();
    expect(said).toHaveLength(1);
    expect(JSON.parse(said[0] ?? '')).toMatchObject({ type: 'identify', traits: { city: 'Bonn' } });
    expect((await officer.show(requestIdOf(2))).receipts?.[0]?.evidence).toContain('which only the lake has');
  });

  it('is not over because of another value of the same instant, over which it stands', async () => {
    const table = await wrongAnn();
    const at = { timestamp: '2026-05-01T12:00:00.000Z', receivedAt: '2026-05-01T12:00:00.000Z' };
    await send(table, eventOf({ type: 'identify', messageId: '-', userId: 'ann', traits: { city: 'Köln' }, ...at }));
    const unheard = officerInMemory(table, config, { send: async () => ({ ok: true }) });
    expect(await fileAndRun(unheard, rectify(1, { city: 'Bonn' }), 'user_id:ann')).toMatchObject({ state: 'waiting' });
    const { done } = await officerInMemory(table, config).runOpen();
    expect(done).toMatchObject([{ state: 'completed', receipts: [{ found: 1 }] }]);
    expect(traitsOf(table, 'ann')).toMatchObject({ city: 'Bonn' });
  });

  it('ends the same if its officer dies at any await and runs it again', async () => {
    const wish = rectify(1, { city: 'Bonn', nickname: null, phase: 'loyal' });
    const endOf = async (table: MemoryTable) => [
      table
        .live()
        .map(({ traits, eventCount }) => [
          eventCount,
          [...traits]
            .map(([name, { value, timestamp, sourceId }]) => JSON.stringify([name, value, timestamp, sourceId]))
            .sort(),
        ]),
      await officerInMemory(table, config).list(),
    ];
    const whole = await wrongAnn();
    await fileAndRun(officerInMemory(whole, config), wish, 'anonymous_id:phone');
    const end = await endOf(whole);
    let deaths = 0;
    for (let nth = 1, isOver = false; !isOver; nth++)
      for (const after of [false, true]) {
        const table = await wrongAnn();
        const { deps, calls } = dying(table, nth, after, { config });
        await fileAndRun(officerInMemory(table, config, deps), wish, 'anonymous_id:phone').catch((error) => {
          if (!(error instanceof Died)) throw error;
          deaths += 1;
        });
        isOver = calls() < nth;
        // Once it is filed, the hourly run goes on with it by itself.
        await officerInMemory(table, config).runOpen();
        await fileAndRun(officerInMemory(table, config), wish, 'anonymous_id:phone');
        expect(await endOf(table), `death at call ${nth}`).toEqual(end);
      }
    expect(deaths).toBeGreaterThan(10);
  });
});
