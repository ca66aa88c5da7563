import { describe, expect, it } from 'vitest';
import type { StoredRequest } from '../../../lambdas/core/privacy/request.ts';
import { type Store, stays } from '../../../lambdas/core/privacy/stores/store.ts';
import { stores } from '../../../lambdas/core/privacy/stores/stores.ts';
import { storesByHand, waitingStores } from '../../../lambdas/core/privacy/waiting-stores.ts';
import type { SegmentChange } from '../../../lambdas/core/segments/changes.ts';
import { memoryBarrierFile } from '../../fakes/memory-barrier-file.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { deliveryLine } from '../../fixtures/delivery-line.ts';
import { Died, dying } from '../../fixtures/dying-officer.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { annAndBob, fileAndRun, filing, sendTo } from '../../fixtures/in-memory/ann-and-bob.ts';
import { byDefault, listedIn, officerInMemory, requestIdOf } from '../../fixtures/in-memory/officer.ts';

const config = configOf();
const send = sendTo(config);
const erasedAt = '2026-05-01T12:00:00.000Z';
const later = '2026-05-02T12:00:00.000Z';
const afterwards = { timestamp: '2026-05-01T13:00:00.000Z', receivedAt: '2026-05-01T13:00:00.000Z' };

const people = (table: MemoryTable) =>
  table
    .live()
    .map(({ eventCount, identifiers }) => `${[...identifiers.keys()].sort().join(' ')}: ${eventCount}`)
    .sort();

describe('an erasure', () => {
  it('removes the whole merged person from the table, and nobody else', async () => {
    const table = await annAndBob();
    const done = await fileAndRun(officerInMemory(table, config), filing(1, 'erasure'), 'anonymous_id:phone');
    expect(done).toMatchObject({ state: 'waiting', erasedAt, tableEmptiedAt: erasedAt, untold: {} });
    expect(people(table)).toEqual(['user_id:bob: 1']);
    expect([table.items.size, table.tombstones.size]).toEqual([1, 0]);
    expect([...table.owners.keys()]).toEqual(['user_id:bob']);
    expect([...table.barriers].map(([name, barrier]) => [name, barrier.erased])).toEqual(
      done.keys.map((name) => [name, erasedAt]),
    );
  });

  it('keeps out what happened before, also with a friend’s device, and lets the next owner of a device in', async () => {
    const table = await annAndBob();
    await fileAndRun(officerInMemory(table, config), filing(1, 'erasure'), 'user_id:ann');
    const late = { timestamp: minute(2), receivedAt: minute(3) };
    expect(await send(table, eventOf({ userId: 'ann', ...late }), eventOf({ anonymousId: 'phone', ...late }))).toBe(2);
    // Bob's own late event stays his, and does not bring the tablet back.
    expect(await send(table, eventOf({ userId: 'bob', anonymousId: 'tablet', ...late }))).toBe(0);
    expect(people(table)).toEqual(['user_id:bob: 2']);
    expect(await send(table, eventOf({ userId: 'cleo', anonymousId: 'tablet', ...afterwards }))).toBe(0);
    expect(people(table)).toEqual(['anonymous_id:tablet user_id:cleo: 1', 'user_id:bob: 2']);
    // The same person comes back as somebody new, whom the request leaves alone when it runs again.
    expect(await send(table, eventOf({ userId: 'ann', ...afterwards }))).toBe(0);
    await officerInMemory(table, config, { now: () => later }).run(requestIdOf(1));
    expect(people(table)).toEqual(['anonymous_id:tablet user_id:cleo: 1', 'user_id:ann: 1', 'user_id:bob: 2']);
  });

  it('leaves to others what they got of the person', async () => {
    const table = await annAndBob();
    const bob = table.owners.get('user_id:bob') ?? '';
    await table.give('anonymous_id:tablet', bob);
    const officer = officerInMemory(table, config);
    expect((await officer.preview(['user_id:ann'])).profiles).toMatchObject([{ shared: ['anonymous_id:tablet'] }]);
    await fileAndRun(officer, filing(1, 'erasure'), 'user_id:ann');
    expect(table.owners.get('anonymous_id:tablet')).toBe(bob);
    expect(table.barriers.has('anonymous_id:tablet')).toBe(false);
  });

  it('keeps out events of an identifier that nobody has', async () => {
    const table = await annAndBob();
    await fileAndRun(officerInMemory(table, config), filing(1, 'erasure'), 'user_id:zoe');
    const late = { timestamp: minute(2), receivedAt: minute(3) };
    expect(await send(table, eventOf({ userId: 'zoe', ...late }))).toBe(1);
  });

  it.each(['ann', 'zoe'])('that stopped before its barriers keeps out what %s did until it goes on', async (userId) => {
    const table = await annAndBob();
    const dead = officerInMemory(table, config, {
      barriers: { ...table.forPrivacy(), erase: () => Promise.reject(new Died()) },
    });
    await expect(fileAndRun(dead, filing(1, 'erasure'), `user_id:${userId}`)).rejects.toThrow(Died);
    const between = { timestamp: '2026-05-01T12:30:00.000Z', receivedAt: '2026-05-01T12:30:00.000Z' };
    // The profile takes it up, so it must not stay in the lake, nor come back by a replay.
    expect(await send(table, eventOf({ userId, ...between }))).toBe(0);
    const on = '2026-05-01T13:00:00.000Z';
    const done = await officerInMemory(table, config, { now: () => on }).run(requestIdOf(1));
    expect(done).toMatchObject({ erasedAt: on, tableEmptiedAt: on });
    expect(done).not.toHaveProperty('begunAt');
    expect([...table.barriers].map(([name, { erased }]) => [name, erased])).toEqual(done.keys.map((key) => [key, on]));
    expect(await send(table, eventOf({ messageId: 'again', userId, ...between }))).toBe(1);
    expect(people(table).join()).not.toContain(userId);
  });

  it('that stopped among its barriers leaves alone who came after one of them', async () => {
    const table = await annAndBob();
    const listed = { list: () => Promise.reject(new Died()) };
    const dead = officerInMemory(table, config, { listed });
    await expect(fileAndRun(dead, filing(1, 'erasure'), 'user_id:ann', 'user_id:zoe')).rejects.toThrow(Died);
    const came = { timestamp: '2026-05-01T12:30:00.000Z', receivedAt: '2026-05-01T12:30:00.000Z' };
    expect(await send(table, eventOf({ userId: 'zoe', ...came }))).toBe(0);
    await officerInMemory(table, config, { now: () => '2026-05-01T13:00:00.000Z' }).run(requestIdOf(1));
    expect(people(table)).toEqual(['user_id:bob: 1', 'user_id:zoe: 1']);
    // No identifier was left to take, so the list of barriers has no later time for the lake's eraser to know.
    expect((await officerInMemory(table, config).show(requestIdOf(1))).erasedAt).toBe(erasedAt);
  });

  it('also takes what a batch linked while it was under way', async () => {
    const table = await annAndBob();
    let isLinked = false;
    const barriers = table.forPrivacy();
    const officer = officerInMemory(table, config, {
      barriers: {
        ...barriers,
        erase: async (key, ...given) => {
          if (!isLinked) await send(table, eventOf({ userId: 'ann', anonymousId: 'laptop' }));
          isLinked = true;
          return barriers.erase(key, ...given);
        },
      },
    });
    const { keys } = await fileAndRun(officer, filing(1, 'erasure'), 'user_id:ann');
    expect(keys).toContain('anonymous_id:laptop');
    expect(people(table)).toEqual(['user_id:bob: 1']);
  });
});

describe('an erasure of somebody who becomes one with somebody else meanwhile', () => {
  /** Zoe, and a visitor of whom only a device is known and who becomes one with Zoe. */
  async function zoeAndVisitor() {
    const table = new MemoryTable();
    const said = { timestamp: minute(2), receivedAt: minute(2) };
    await send(table, eventOf({ ...said, userId: 'zoe' }));
    await send(table, eventOf({ timestamp: minute(3), receivedAt: minute(3), anonymousId: 'kiosk' }));
    const login = { type: 'identify', timestamp: minute(4), receivedAt: minute(4) };
    return { table, login: () => send(table, eventOf({ ...login, userId: 'zoe', anonymousId: 'kiosk' })) };
  }

  it('takes the whole person, and notes whom before it deletes the first profile', async () => {
    const { table, login } = await zoeAndVisitor();
    let isLinked = false;
    const barriers = table.forPrivacy();
    const noted: (readonly string[])[] = [];
    const { erased } = table.forOfficers();
    const remove = async (profileId: string) => {
      noted.push((await officerInMemory(table, config).show(requestIdOf(1))).profileIds);
      await erased.remove(profileId);
    };
    const officer = officerInMemory(table, config, {
      erased: { ...erased, remove },
      barriers: {
        ...barriers,
        erase: async (key, ...given) => {
          if (!isLinked) await login();
          isLinked = true;
          return barriers.erase(key, ...given);
        },
      },
    });
    const { keys, profileIds } = await fileAndRun(officer, filing(1, 'erasure'), 'anonymous_id:kiosk');
    expect(keys).toEqual(['anonymous_id:kiosk', 'user_id:zoe']);
    expect(noted).toEqual([profileIds, profileIds]);
    expect(people(table)).toEqual([]);
  });
});

const segments = [{ key: 'vip', name: 'Known', where: { trait: 'email', operator: 'exists' } }];
const told = configOf({ segments, destinations: [{ id: 'crm', kind: 'webhook', segments: ['vip'] }] });

/** Her identifier names a profile that merged. */
const liveIdOfAnn = async (table: MemoryTable): Promise<string> =>
  (await table.find(table.owners.get('user_id:ann') ?? ''))?.profileId ?? '';

/** Ann and Bob with a destination, which was told of Ann, and an officer whose clock can be moved on. */
async function withDestination() {
  const table = await annAndBob(told);
  const calls: string[] = [];
  const memory = table.toldTo('crm', () => Date.parse(erasedAt));
  const line = deliveryLine({
    destination: {
      deliver: async (items) => {
        for (const { call } of items)
          calls.push(`${(call as { event?: unknown }).event} ${call.userId ?? call.anonymousId}`);
        return items.map(() => ({ kind: 'delivered' as const, requests: 1, status: 200 }));
      },
    },
    find: table.find,
    more: { config: told, memory },
  });
  const ann = await liveIdOfAnn(table);
  line.announce(ann, 'entered');
  await line.pass();
  const clock = { now: erasedAt };
  const news: SegmentChange[] = [];
  const officer = officerInMemory(table, told, {
    now: () => clock.now,
    write: (write) => {
      news.push(...write.changes);
      for (const { change } of write.changes) line.announce(write.profile.profileId, change);
      for (const change of write.again ?? []) line.resend({ ...change, profileId: write.profile.profileId }, 'again');
      return table.write(write);
    },
  });
  return { table, line, calls, memory, clock, news, officer, ann };
}

describe('what destinations have of an erased person', () => {
  it('is taken back under every name that they were told, before the profile goes', async () => {
    const { table, line, calls, memory, clock, officer, news, ann } = await withDestination();
    const told = calls.map((call) => call.replace('Audience Entered ', ''));
    expect(told).toContain('ann');
    const parted = await fileAndRun(officer, filing(1, 'erasure'), 'user_id:ann');
    expect(parted).toMatchObject({ state: 'waiting', deleteAfter: '2026-05-01T17:00:00.000Z' });
    expect(parted.tableEmptiedAt).toBeUndefined();
    expect(news).toEqual([{ segment: 'vip', change: 'exited' }]);
    expect(table.owners.has('user_id:ann')).toBe(false);
    await line.pass();
    const left = calls.slice(told.length).map((call) => call.replace('Audience Exited ', ''));
    expect(left.sort()).toEqual(told.sort());
    // Run too early, nothing is deleted.
    expect(await officer.run(requestIdOf(1))).toEqual(parted);
    expect(await table.find(ann)).toBeDefined();
    clock.now = later;
    expect(await officer.run(requestIdOf(1))).toMatchObject({ tableEmptiedAt: later, untold: {} });
    expect(people(table)).toEqual(['user_id:bob: 1']);
    expect(await memory.recall([ann], 'vip')).toBeUndefined();
  });

  it('is put right where somebody else got the name meanwhile', async () => {
    const { table, line, calls, clock, officer, ann } = await withDestination();
    await fileAndRun(officer, filing(1, 'erasure'), 'user_id:ann');
    const said = { type: 'identify', traits: { email: 'new@example.com' }, ...afterwards };
    expect(await sendTo(told)(table, eventOf({ ...said, userId: 'ann' }))).toBe(0);
    line.announce(await liveIdOfAnn(table), 'entered');
    await line.pass();
    // The queue delivers the last exit of whoever was erased once more.
    line.announce(ann, 'exited');
    await line.pass();
    const ofAnn = () => calls.filter((call) => call.endsWith(' ann')).at(-1);
    expect(ofAnn()).toBe('Audience Exited ann');
    clock.now = later;
    await officer.run(requestIdOf(1));
    await line.pass();
    expect(ofAnn()).toBe('Audience Entered ann');
  });

  it('is counted where a destination was not told until the end', async () => {
    const { table, memory, clock, officer, ann } = await withDestination();
    await fileAndRun(officer, filing(1, 'erasure'), 'user_id:ann');
    clock.now = later;
    const done = await officer.run(requestIdOf(1));
    expect(done.untold?.crm).toBeGreaterThan(0);
    expect(await memory.recall([ann], 'vip')).toBeUndefined();
    expect(people(table)).toEqual(['user_id:bob: 1']);
  });

  it('is also deleted when a delivery notes it just after the others were deleted', async () => {
    const { table, memory, clock, ann } = await withDestination();
    const { erased } = table.forOfficers();
    let isNoted = false;
    const remove = async (profileId: string) => {
      await erased.remove(profileId);
      if (!isNoted) await memory.remember(ann, 'vip', { names: new Set(['userId:ann']), since: minute(1) });
      isNoted = true;
    };
    const officer = officerInMemory(table, told, { now: () => clock.now, erased: { ...erased, remove } });
    await fileAndRun(officer, filing(1, 'erasure'), 'user_id:ann');
    clock.now = later;
    expect(await officer.run(requestIdOf(1))).toMatchObject({ tableEmptiedAt: later });
    expect(isNoted).toBe(true);
    expect(await memory.recall([ann], 'vip')).toBeUndefined();
  });

  it('does not enter a segment again because a suppression is lifted meanwhile', async () => {
    const { table, officer, news } = await withDestination();
    await fileAndRun(officer, filing(1), 'user_id:ann');
    await fileAndRun(officer, filing(2, 'erasure'), 'user_id:ann');
    await fileAndRun(officer, filing(3, 'unsuppress'), 'user_id:ann');
    expect(news).toEqual([{ segment: 'vip', change: 'exited' }]);
    expect(table.live().filter(({ suppressed }) => suppressed)).toHaveLength(1);
    expect(table.barriers.get('user_id:ann')).toEqual({ erased: erasedAt });
  });
});

describe('an erasure is not completed', () => {
  const waitingAt = (request: StoredRequest, now: string) => waitingStores(request, now, byDefault);
  const emptied = { state: 'waiting', tableEmptiedAt: erasedAt, settled: storesByHand } as unknown as StoredRequest;

  it('while any store holds the person, such as the lake, which nobody empties by hand', async () => {
    const table = await annAndBob();
    const officer = officerInMemory(table, config, { now: () => '2027-05-01T12:00:00.000Z' });
    await fileAndRun(officer, filing(1, 'erasure'), 'user_id:ann');
    for (const store of storesByHand)
      expect(await officer.settle(requestIdOf(1), store)).toMatchObject({ state: 'waiting' });
    const left = waitingAt(await officer.show(requestIdOf(1)), '2028-05-01T12:00:00.000Z');
    for (const { waitsFor } of left) expect(waitsFor).toMatch(/^the lake’s eraser: it must run after /);
    expect(left.map(({ store }) => store)).toContain('events of the lake');
    await expect(officer.settle(requestIdOf(1), 'events of the lake')).rejects.toThrow('the store must be one of');
    await expect(officer.settle(requestIdOf(9), 'destinations')).rejects.toThrow('no such request');
  });

  it('before the time of each store that goes by itself has passed', () => {
    const [raw] = waitingAt(emptied, erasedAt).filter(({ store }) => store === 'raw events');
    expect(raw?.waitsFor).toBe('its time: 2026-05-25T12:00:00.000Z');
    expect(waitingAt(emptied, '2026-05-25T12:00:00.000Z').map(({ store }) => store)).not.toContain('raw events');
  });

  it('by a store of which nobody knows how it ends', () => {
    const kept = stores.filter(({ holds, erasedBy }: Store) => holds !== undefined && !erasedBy.startsWith(stays));
    const nothing = { type: 'erasure', state: 'running' } as unknown as StoredRequest;
    expect(waitingAt(nothing, erasedAt)).toHaveLength(kept.length);
    expect(waitingAt(nothing, erasedAt).filter(({ waitsFor }) => waitsFor.startsWith('its eraser'))).toEqual([]);
  });
});

describe('an officer who dies at any await of an erasure', () => {
  it('ends the same when it is run again, now and when the profile goes', async () => {
    const play = async (nth: number, after: boolean) => {
      const table = await annAndBob(told);
      const memory = table.toldTo('crm', () => Date.parse(erasedAt));
      await memory.remember(await liveIdOfAnn(table), 'vip', { names: new Set(['userId:ann']), since: minute(1) });
      const file = memoryBarrierFile();
      const listed = listedIn(table, file);
      const { deps, calls } = dying(table, nth, after, { file });
      let deaths = 0;
      for (const now of [erasedAt, later]) {
        await fileAndRun(
          officerInMemory(table, told, { ...deps, now: () => now }),
          filing(1, 'erasure'),
          'user_id:ann',
        ).catch((error) => {
          if (!(error instanceof Died)) throw error;
          deaths += 1;
        });
        await fileAndRun(officerInMemory(table, told, { listed, now: () => now }), filing(1, 'erasure'), 'user_id:ann');
      }
      const made = file.now().list.bytes.toString();
      await listed.listAll();
      expect(file.now().list.bytes.toString()).toBe(made);
      expect(file.now().list.size).toBe(table.barriers.size);
      const end = [[...table.barriers].sort(), [...table.owners].sort(), people(table), [...table.items.keys()].length];
      return { deaths, calls: calls(), end: [...end, await officerInMemory(table, told).list()] };
    };
    const { end } = await play(0, false);
    let deaths = 0;
    for (let nth = 1, isOver = false; !isOver; nth++)
      for (const after of [false, true]) {
        const played = await play(nth, after);
        deaths += played.deaths;
        isOver = played.calls < nth;
        expect(played.end, `death at call ${nth}, ${after ? 'after' : 'before'} it`).toEqual(end);
      }
    expect(deaths).toBeGreaterThan(40);
  });
});
