import { describe, expect, it } from 'vitest';
import type { OwnerName } from '../../../lambdas/core/profile/owner-name.ts';
import { snapshotOf } from '../../../lambdas/core/stitching/batch/snapshot.ts';
import { identityOperator } from '../../../lambdas/operations/identity.ts';
import { kinesisEvent, recordOf } from '../../fakes/kinesis.ts';
import { memoryBarrierFile } from '../../fakes/memory-barrier-file.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { Died, dying } from '../../fixtures/dying-officer.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { annAndBob, fileAndRun, filing, sendTo } from '../../fixtures/in-memory/ann-and-bob.ts';
import { listedIn, officerInMemory, requestIdOf } from '../../fixtures/in-memory/officer.ts';
import { stitchInMemory } from '../../fixtures/in-memory/stitch.ts';

const config = configOf();
const send = sendTo(config);
const ofAnn = ['anonymous_id:phone', 'anonymous_id:tablet', 'email:ann@example.com', 'user_id:ann'];

describe('a preview', () => {
  it('shows the whole merged person and writes nothing', async () => {
    const table = await annAndBob();
    const { profiles, unknown, identifiers } = await officerInMemory(table, config).preview([
      'email:Ann@Example.com',
      'user_id:nobody',
    ]);
    expect(profiles).toMatchObject([{ eventCount: 3, identifiers: ofAnn, merged: [{ at: minute(1) }], apart: [] }]);
    expect(unknown).toEqual(['user_id:nobody']);
    expect(identifiers).toEqual([...ofAnn, 'user_id:nobody']);
    expect(table.barriers.size).toBe(0);
  });

  it.each([
    { text: 'ann', problem: 'name the profile as type:value' },
    { text: 'per_0198d0c4d5a000000000000000000000', problem: 'not by a profile id' },
    { text: 'user_id:null', problem: 'a blocked value, which names nobody' },
    { text: 'email:ann', problem: 'this is not an email address' },
  ])('refuses $text', ({ text, problem }) =>
    expect(officerInMemory(new MemoryTable(), config).preview([text])).rejects.toThrow(problem),
  );
});

describe('a suppression', () => {
  it('keeps out the whole person by any identifier, and nobody else', async () => {
    const table = await annAndBob();
    const done = await fileAndRun(officerInMemory(table, config), filing(1), 'anonymous_id:phone');
    expect(done).toMatchObject({ state: 'completed', keys: ofAnn, answerBy: '2026-05-29T11:00:00.000Z' });
    const names = [{ userId: 'ann' }, { anonymousId: 'tablet' }, { userId: 'bob', anonymousId: 'tablet' }];
    expect(await send(table, ...names.map(eventOf))).toBe(2);
    expect(JSON.stringify([...table.live()].map(({ eventCount }) => eventCount).sort())).toBe('[2,3]');
  });

  it('stands when somebody files for an identifier that nobody has', async () => {
    const table = new MemoryTable();
    await fileAndRun(officerInMemory(table, config), filing(1), 'email:zoe@example.com');
    const zoe = eventOf({ type: 'identify', userId: 'zoe', traits: { email: 'zoe@example.com' } });
    expect(await send(table, zoe)).toBe(0);
    expect(table.live().map(({ identifiers }) => [...identifiers.keys()])).toEqual([['user_id:zoe']]);
  });

  it('also keeps out what a batch linked while it was set', async () => {
    const table = await annAndBob();
    let isLinked = false;
    const barriers = table.forPrivacy();
    const officer = officerInMemory(table, config, {
      barriers: {
        ...barriers,
        suppress: async (key) => {
          // The first key is a device; the event's most trusted identifier is not stopped yet.
          if (!isLinked) await send(table, eventOf({ userId: 'ann', anonymousId: 'laptop' }));
          isLinked = true;
          return barriers.suppress(key);
        },
      },
    });
    const { keys } = await fileAndRun(officer, filing(1), 'user_id:ann');
    expect(keys).toContain('anonymous_id:laptop');
    expect(table.barriers.get('anonymous_id:laptop')).toEqual({ suppressed: true });
  });

  it('also keeps out what a batch linked that had read no barrier, until the profile was marked', async () => {
    const table = await annAndBob();
    let isLinked = false;
    const officer = officerInMemory(table, config, {
      write: async (write) => {
        const load = async (names: Iterable<OwnerName>) => snapshotOf(await table.load(names), new Map());
        const { handler } = stitchInMemory(table, { config, load });
        if (!isLinked) await handler(kinesisEvent([recordOf([eventOf({ userId: 'ann', anonymousId: 'laptop' })])]));
        isLinked = true;
        return table.write(write);
      },
    });
    const { keys } = await fileAndRun(officer, filing(1), 'user_id:ann');
    expect(keys).toEqual([...ofAnn, 'anonymous_id:laptop'].sort());
    expect(table.barriers.get('anonymous_id:laptop')).toEqual({ suppressed: true });
    expect(await send(table, eventOf({ anonymousId: 'laptop' }))).toBe(1);
  });

  it('ends every membership in one write, and lifting it begins them again', async () => {
    const segments = [{ key: 'known', name: 'Known', where: { trait: 'email', operator: 'exists' } }];
    const told = configOf({ segments });
    const table = await annAndBob();
    const membersOf = () => table.live().filter((profile) => profile.segments.has('known')).length;
    await stitchInMemory(table, { config: told }).handler(kinesisEvent([recordOf([eventOf({ userId: 'ann' })])]));
    const changes: unknown[] = [];
    const officer = officerInMemory(table, told, {
      write: (write) => {
        changes.push(...write.changes);
        return table.write(write);
      },
    });
    expect(membersOf()).toBe(1);
    await fileAndRun(officer, filing(1), 'user_id:ann');
    expect(membersOf()).toBe(0);
    expect(table.live().filter(({ suppressed, dueAt }) => suppressed && dueAt === undefined)).toHaveLength(1);
    await fileAndRun(officer, filing(2, 'unsuppress'), 'user_id:ann');
    expect(membersOf()).toBe(1);
    expect(changes).toEqual([
      { segment: 'known', change: 'exited' },
      { segment: 'known', change: 'entered' },
    ]);
  });

  it('stays with both people when an operator parts them', async () => {
    const table = await annAndBob();
    await fileAndRun(officerInMemory(table, config), filing(1), 'user_id:ann');
    const ann = table.live().find(({ suppressed }) => suppressed);
    const [merged = ''] = ann?.merged.keys() ?? [];
    const cause = { messageId: 'operator-1', timestamp: minute(9), at: minute(9) };
    const operator = identityOperator(table.forOperators(), config, async () => undefined);
    expect(await operator.unmerge(`profile_id:${merged}`, cause, true)).toMatchObject({ done: true });
    expect(table.live().filter(({ suppressed }) => suppressed)).toHaveLength(2);
  });

  it('is lifted by any identifier of the person, but not where another one stands', async () => {
    const table = await annAndBob();
    const officer = officerInMemory(table, config);
    await fileAndRun(officer, filing(1), 'user_id:ann');
    await fileAndRun(officer, filing(2), 'user_id:bob');
    await fileAndRun(officer, filing(3, 'unsuppress'), 'email:ann@example.com');
    expect(await send(table, eventOf({ userId: 'ann' }), eventOf({ userId: 'bob' }))).toBe(1);
    const lifted = (await officer.list()).map(({ liftedBy }) => liftedBy);
    expect(lifted).toEqual([requestIdOf(3), undefined, undefined]);
    await expect(officer.file(filing(4, 'unsuppress'), ['user_id:ann'])).rejects.toThrow(
      'nobody with these identifiers is suppressed',
    );
  });
});

describe('a person who comes between the filing of a request and its run', () => {
  it('is suppressed, with every identifier, if nobody had the identifier before', async () => {
    const table = await annAndBob();
    const officer = officerInMemory(table, config);
    const { requestId } = await officer.file(filing(1), ['user_id:zoe']);
    await send(table, eventOf({ userId: 'zoe', anonymousId: 'laptop' }));
    const { profileIds } = await officer.run(requestId);
    expect(profileIds).toEqual([table.owners.get('user_id:zoe')]);
    expect(table.barriers.get('anonymous_id:laptop')).toEqual({ suppressed: true });
    expect(table.live().find(({ profileId }) => profileId === profileIds[0])?.suppressed).toBe(true);
  });

  it('is erased, and whoever comes after that is somebody new, also if the erasure runs again', async () => {
    const table = await annAndBob();
    const officer = officerInMemory(table, config);
    const { requestId } = await officer.file(filing(1, 'erasure'), ['user_id:zoe']);
    const early = { timestamp: minute(2), receivedAt: minute(2) };
    await send(table, eventOf({ userId: 'zoe', anonymousId: 'laptop', ...early }));
    await officer.run(requestId);
    expect([table.owners.has('user_id:zoe'), table.owners.has('anonymous_id:laptop')]).toEqual([false, false]);
    expect(table.live()).toHaveLength(2);
    const late = { timestamp: '2026-05-01T13:00:00.000Z', receivedAt: '2026-05-01T13:00:00.000Z' };
    await send(table, eventOf({ userId: 'zoe', ...late }));
    await officer.run(requestId);
    expect(table.owners.has('user_id:zoe')).toBe(true);
  });

  it('keeps what somebody else has got of the person who asked', async () => {
    const table = await annAndBob();
    const officer = officerInMemory(table, config);
    const { requestId } = await officer.file(filing(1, 'erasure'), ['user_id:ann']);
    const bob = table.owners.get('user_id:bob') ?? '';
    await table.give('anonymous_id:tablet', bob);
    await officer.run(requestId);
    expect(table.owners.get('anonymous_id:tablet')).toBe(bob);
  });
});

describe('a request', () => {
  it('is filed once, whoever sends it again', async () => {
    const officer = officerInMemory(await annAndBob(), config);
    const first = await officer.file(filing(1), ['user_id:ann']);
    expect(await officer.file(filing(1), ['user_id:bob'])).toEqual(first);
    expect(await officer.list()).toHaveLength(1);
  });

  it('can be cancelled before anything is done, and never after', async () => {
    const table = await annAndBob();
    const officer = officerInMemory(table, config);
    await officer.file(filing(1), ['user_id:ann']);
    expect(await officer.cancel(requestIdOf(1))).toMatchObject({ state: 'cancelled' });
    await expect(officer.run(requestIdOf(1))).rejects.toThrow('the request is cancelled');
    expect(table.barriers.size).toBe(0);
    await fileAndRun(officer, filing(2), 'user_id:ann');
    await expect(officer.cancel(requestIdOf(2))).rejects.toThrow('the request is completed');
    await expect(officer.show(requestIdOf(9))).rejects.toThrow('there is no such request');
  });

  it('has no identifier of the person in it', async () => {
    const table = await annAndBob();
    const officer = officerInMemory(table, config, { keyOf: (name) => `hash-${name.length}` });
    expect(JSON.stringify(await officer.file(filing(1), ['user_id:ann']))).not.toMatch(/ann|phone|tablet/);
  });
});

describe('an officer who dies at any await', () => {
  it.each(['suppress', 'unsuppress'] as const)('%s ends the same when it is run again', async (type) => {
    const begin = async () => {
      const [table, file] = [await annAndBob(), memoryBarrierFile()];
      const alive = officerInMemory(table, config, { listed: listedIn(table, file) });
      if (type === 'unsuppress') await fileAndRun(alive, filing(1), 'user_id:ann');
      return { table, file, alive };
    };
    const endOf = async ({ table, file }: Awaited<ReturnType<typeof begin>>) => [
      file.now().list.bytes.toString(),
      [...table.barriers].sort(),
      table
        .live()
        .map(({ profileId, suppressed }) => `${profileId} ${suppressed}`)
        .sort(),
      await officerInMemory(table, config).list(),
    ];
    const whole = await begin();
    await fileAndRun(whole.alive, filing(2, type), 'user_id:ann');
    const end = await endOf(whole);
    expect(whole.file.now().list.size).toBe(type === 'suppress' ? ofAnn.length : 0);
    let deaths = 0;
    for (let nth = 1, isOver = false; !isOver; nth++)
      for (const after of [false, true]) {
        const world = await begin();
        const { deps, calls } = dying(world.table, nth, after, { file: world.file });
        const officer = officerInMemory(world.table, config, deps);
        await fileAndRun(officer, filing(2, type), 'user_id:ann').catch((error) => {
          if (!(error instanceof Died)) throw error;
          deaths += 1;
        });
        isOver = calls() < nth;
        await fileAndRun(world.alive, filing(2, type), 'user_id:ann');
        expect(await endOf(world), `death at call ${nth}`).toEqual(end);
      }
    expect(deaths).toBeGreaterThan(20);
  });
});
