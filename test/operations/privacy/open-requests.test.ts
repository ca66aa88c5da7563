import { describe, expect, it, vi } from 'vitest';
import { createHandler } from '../../../lambdas/functions/requests/handler.ts';
import type { PrivacyOfficer } from '../../../lambdas/operations/privacy/officer.ts';
import { runOpenRequests } from '../../../lambdas/operations/privacy/open-requests.ts';
import type { MemoryTable } from '../../fakes/memory-table.ts';
import { Died, dying } from '../../fixtures/dying-officer.ts';
import { configOf } from '../../fixtures/events.ts';
import { annAndBob, fileAndRun, filing } from '../../fixtures/in-memory/ann-and-bob.ts';
import { byDefault, officerInMemory, requestIdOf } from '../../fixtures/in-memory/officer.ts';

const segments = [{ key: 'vip', name: 'Known', where: { trait: 'email', operator: 'exists' } }];
const config = configOf({ segments, destinations: [{ id: 'crm', kind: 'webhook', segments: ['vip'] }] });
const at = (hour: number): string => new Date(Date.UTC(2026, 4, 1, 12 + hour)).toISOString();

/** Nobody wants to be called back. */
const nobody = async () => ({ told: 0, failing: [], gaveUp: [], failed: [] });

/** The function that goes on with requests, at an hour after they were filed. */
function hourly(table: MemoryTable, hour: number, run?: PrivacyOfficer['run']) {
  const warn = vi.fn();
  const now = () => at(hour);
  const officer = officerInMemory(table, config, { now });
  const handler = createHandler({
    officer: run === undefined ? officer : { ...officer, runOpen: () => runOpenRequests({ ...officer, run }, now) },
    callBack: nobody,
    now,
    tell: () => undefined,
    warn,
  });
  return { handler, warn };
}

describe('requests, every hour', () => {
  it('erase whoever waits when the time of deliveries is over, and not before', async () => {
    const table = await annAndBob(config);
    await fileAndRun(officerInMemory(table, config), filing(1, 'erasure'), 'user_id:ann');
    const before = [...table.items.keys()].length;
    for (const hour of [1, 2, 3, 4]) expect(await hourly(table, hour).handler()).toEqual({ done: 0 });
    expect(table.items.size).toBe(before);
    expect(await hourly(table, 5).handler()).toEqual({ done: 1 });
    expect(table.live().map(({ identifiers }) => [...identifiers.keys()])).toEqual([['user_id:bob']]);
    expect((await officerInMemory(table, config).list())[0]).toMatchObject({ tableEmptiedAt: at(5) });
    // Then it waits for other stores, which no run of it empties.
    expect(await hourly(table, 6).handler()).toEqual({ done: 0 });
  });

  it.each(['suppress', 'erasure'] as const)('end what an officer began who died anywhere: %s', async (type) => {
    const endOf = async (table: MemoryTable) => [
      [...table.barriers].sort(),
      table.live().map(({ identifiers, suppressed }) => [[...identifiers.keys()], suppressed]),
      (await officerInMemory(table, config).list()).map(({ state, keys }) => [state, keys]),
    ];
    const whole = await annAndBob(config);
    await officerInMemory(whole, config).file(filing(1, type), ['user_id:ann']);
    await hourly(whole, 0).handler();
    const end = await endOf(whole);
    let taken = 0;
    for (let nth = 1, isOver = false; !isOver; nth++) {
      const table = await annAndBob(config);
      const { deps, calls } = dying(table, nth, true);
      const officer = officerInMemory(table, config, deps);
      await fileAndRun(officer, filing(1, type), 'user_id:ann').catch((error) => {
        if (!(error instanceof Died)) throw error;
      });
      isOver = calls() < nth;
      if ((await officerInMemory(table, config).list()).length === 0) continue;
      taken += (await hourly(table, 0).handler()).done;
      expect(await endOf(table), `death at call ${nth}`).toEqual(end);
    }
    expect(taken).toBeGreaterThan(5);
  });

  it('do what was filed and never begun, but nothing that was cancelled', async () => {
    const table = await annAndBob(config);
    const officer = officerInMemory(table, config);
    await officer.file(filing(1), ['user_id:ann']);
    await officer.file(filing(2), ['user_id:bob']);
    await officer.cancel(requestIdOf(2));
    expect(await hourly(table, 1).handler()).toEqual({ done: 1 });
    expect((await officer.list()).map(({ state }) => state)).toEqual(['completed', 'cancelled']);
  });

  it('are not held up by one that fails, which fails the function, and whose log names nobody', async () => {
    const table = await annAndBob(config);
    const officer = officerInMemory(table, config);
    await officer.file(filing(1), ['user_id:ann']);
    await officer.file(filing(2), ['user_id:bob']);
    const failing = async (id: string) => {
      if (id === requestIdOf(1)) throw new TypeError('ann@example.com');
      return officer.run(id);
    };
    const { handler, warn } = hourly(table, 1, failing);
    await expect(handler()).rejects.toThrow('1 privacy requests could not go on');
    expect(warn.mock.calls).toEqual([
      ['a privacy request could not go on', { requestId: requestIdOf(1), error: 'TypeError' }],
    ]);
    expect((await officer.list()).map(({ state }) => state)).toEqual(['received', 'completed']);
  });

  it('do all that they can and then fail, so that an alarm rings, while nobody can read what the lake proves', async () => {
    const table = await annAndBob(config);
    const endsBy = async () => ({ ...byDefault, lake: { problem: 'the proof of the lake’s eraser: runs: missing' } });
    const officer = officerInMemory(table, config, { now: () => at(1), endsBy });
    await officer.file(filing(1), ['user_id:ann']);
    const warn = vi.fn();
    const handler = createHandler({ officer, callBack: nobody, now: () => at(1), tell: () => undefined, warn });
    await expect(handler()).rejects.toThrow('no table of the lake can be shown to be empty');
    expect(warn.mock.calls).toEqual([
      ['the proof of the lake’s eraser cannot be read', { problem: 'the proof of the lake’s eraser: runs: missing' }],
    ]);
    expect((await officer.list()).map(({ state }) => state)).toEqual(['completed']);
  });

  it('say what failed before anybody is called back, so that a receiver that hangs hides nothing', async () => {
    const table = await annAndBob(config);
    const problem = 'the proof of the lake’s eraser: runs: missing';
    const endsBy = async () => ({ ...byDefault, lake: { problem } });
    const officer = officerInMemory(table, config, { now: () => at(1), endsBy });
    await officer.file(filing(1), ['user_id:ann']);
    const run = () => Promise.reject(new TypeError('ann@example.com'));
    const warn = vi.fn();
    const handler = createHandler({
      officer: { ...officer, runOpen: () => runOpenRequests({ ...officer, run }, () => at(1)) },
      ...{ callBack: () => Promise.reject(new Died()), now: () => at(1), tell: () => undefined, warn },
    });
    await expect(handler()).rejects.toThrow(Died);
    expect(warn.mock.calls).toEqual([
      ['a privacy request could not go on', { requestId: requestIdOf(1), error: 'TypeError' }],
      ['the proof of the lake’s eraser cannot be read', { problem }],
    ]);
  });

  it('begin with no other one after twelve minutes, and go on with it an hour later', async () => {
    const table = await annAndBob(config);
    const officer = officerInMemory(table, config);
    for (const [n, who] of [
      [1, 'ann'],
      [2, 'bob'],
    ] as const)
      await officer.file(filing(n), [`user_id:${who}`]);
    let minutes = 0;
    const now = () => new Date(Date.UTC(2026, 4, 1, 12, minutes)).toISOString();
    const run = async (id: string) => {
      minutes += 12;
      return officer.run(id);
    };
    const runOpen = (until?: string) => runOpenRequests({ ...officer, run }, now, until);
    const slow = createHandler({
      ...{ officer: { ...officer, runOpen }, callBack: nobody, now, tell: () => undefined, warn: vi.fn() },
    });
    expect(await slow()).toEqual({ done: 1 });
    expect((await officer.list()).map(({ state }) => state)).toEqual(['completed', 'received']);
    expect(await slow()).toEqual({ done: 1 });
  });

  it('tell what is due before they run anything, and tell that nothing is', async () => {
    const table = await annAndBob(config);
    expect(await hourly(table, 0).handler()).toEqual({ done: 0 });
    const officer = officerInMemory(table, config);
    await fileAndRun(officer, filing(1, 'erasure'), 'user_id:ann');
    const dueAt = async (hour: number): Promise<number[]> => {
      const told: number[] = [];
      const runOpen = () => Promise.reject(new Error('ends before it is through'));
      const now = () => at(hour);
      await createHandler({
        officer: { ...officer, runOpen },
        callBack: nobody,
        now,
        tell: (due) => told.push(due),
        warn: vi.fn(),
      })().catch(() => undefined);
      return told;
    };
    expect(await dueAt(0)).toEqual([0]);
    // Asked at 11 o'clock, so it is due within a week from the 20th day at 11 on.
    expect(await dueAt(20 * 24)).toEqual([0]);
    expect(await dueAt(21 * 24)).toEqual([1]);
    expect(await dueAt(400 * 24)).toEqual([1]);
    await officer.answer(requestIdOf(1));
    expect(await dueAt(21 * 24)).toEqual([0]);
  });
});

describe('an officer who answered the person', () => {
  it('says so once, of a request that is open', async () => {
    const table = await annAndBob(config);
    const officer = officerInMemory(table, config);
    await fileAndRun(officer, filing(1, 'erasure'), 'user_id:ann');
    const answered = await officer.answer(requestIdOf(1));
    expect(answered).toMatchObject({ state: 'waiting', answeredAt: at(0) });
    expect(await officerInMemory(table, config, { now: () => at(9) }).answer(requestIdOf(1))).toEqual(answered);
    // It still goes on.
    expect((await officerInMemory(table, config, { now: () => at(9) }).runOpen()).done).toMatchObject([
      { tableEmptiedAt: at(9), answeredAt: at(0) },
    ]);
    await fileAndRun(officer, filing(2), 'user_id:bob');
    await expect(officer.answer(requestIdOf(2))).rejects.toThrow('the request is completed: no answer is due');
    await expect(officer.answer(requestIdOf(9))).rejects.toThrow('there is no such request');
  });
});
