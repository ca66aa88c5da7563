import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CdpConfigInput } from '../../lambdas/core/config/config.ts';
import type { Event } from '../../lambdas/core/events/event.ts';
import { noProgress, type Progress } from '../../lambdas/operations/lake-walk.ts';
import { describeRebuild, NotWritten, type RebuildDeps, rebuild } from '../../lambdas/operations/rebuild.ts';
import { type KnownIds, rebuiltProfileId } from '../../lambdas/operations/rebuilt-id.ts';
import { readRequest } from '../../lambdas/operations/replay.ts';
import { MemoryTable } from '../fakes/memory-table.ts';
import { eventOf } from '../fixtures/events.ts';
import { lakeObjects } from '../fixtures/lake-objects.ts';

const config: CdpConfigInput = {
  sources: [{ id: 'shop', kind: 'server', writeKey: 'a-write-key' }],
  segments: [{ key: 'pro', name: 'Pro', where: { trait: 'plan', operator: 'equals', value: 'pro' } }],
};
const range = readRequest({ from: '2026-05-01', to: '2026-05-03' });
const at = (n: number): string => new Date(Date.UTC(2026, 4, 1, 10, n)).toISOString();
const onto = (table: MemoryTable, overrides: Partial<RebuildDeps> = {}, known: KnownIds = new Map()): RebuildDeps => ({
  ...{
    config,
    load: table.load,
    write: table.write,
    release: table.release,
    newProfileId: rebuiltProfileId(known),
    pause: async () => {},
  },
  ...overrides,
});
const identify = (n: number, userId: string, anonymousId: string, plan = 'free'): Event =>
  eventOf({
    type: 'identify',
    messageId: `m${n}`,
    userId,
    anonymousId,
    traits: { plan },
    timestamp: at(n),
    receivedAt: at(n),
  });

/** Four hours, people who merge, a message twice, and lines that cannot be applied. */
const objects = {
  'raw/2026/05/01/10/a': [
    eventOf({ messageId: 'v1', anonymousId: 'a1', receivedAt: at(1) }),
    identify(2, 'u1', 'a2'),
    identify(3, 'u2', 'a3'),
  ],
  'raw/2026/05/01/10/b': [identify(6, 'u1', 'a1', 'pro'), identify(2, 'u1', 'a2'), 'no event'],
  'raw/2026/05/01/11/a': [
    identify(61, 'u3', 'a4'),
    eventOf({ messageId: 'n', userId: 'null', receivedAt: at(62) }),
    identify(63, 'u4', 'a4'),
  ],
  'raw/2026/05/01/12/a': [
    eventOf({ type: 'group', messageId: 'g', userId: 'u2', groupId: 'acme', receivedAt: at(121) }),
  ],
};
const { walk } = lakeObjects(objects);

async function calm(): Promise<MemoryTable> {
  const table = new MemoryTable();
  await rebuild(range, walk, noProgress, onto(table));
  return table;
}
/** But for how often each item was written. */
const contents = ({ items, owners }: MemoryTable) => ({
  items: [...items].map(([id, item]) => [id, { ...item, version: 0 }]).sort(),
  owners: [...owners].sort(),
});

describe('a rebuild', () => {
  it('makes the profiles of what is in the raw zone, in segments, and counts what it left', async () => {
    const table = new MemoryTable();
    const end = await rebuild(range, walk, noProgress, onto(table));
    const people = table
      .live()
      .map(({ identifiers, eventCount, segments }) => [
        [...identifiers.keys()].sort().join(' '),
        eventCount,
        ...segments.keys(),
      ]);
    expect(people.sort()).toEqual([
      ['anonymous_id:a1 anonymous_id:a2 user_id:u1', 3, 'pro'],
      ['anonymous_id:a3 user_id:u2', 2],
      ['anonymous_id:a4 user_id:u3', 1],
      ['group_id:acme', 1],
      ['user_id:u4', 1],
    ]);
    expect(end).toMatchObject({
      done: true,
      objects: 4,
      counts: { read: 9, nobody: 1, unreadable: 1, capped: 0, refused: 0 },
    });
    expect(describeRebuild(end)).toBe(
      '9 events of 4 objects; not applied 1 that name nobody, 1 lines that are no event',
    );
  });

  it('killed at any write or note of how far it is, before or after it took effect, ends as if it had not been', async () => {
    const undisturbed = contents(await calm());
    for (let victim = 0; victim < 30; victim++)
      for (const tookEffect of [false, true]) {
        const table = new MemoryTable();
        let [calls, last]: [number, Progress] = [0, noProgress];
        const dying = async <T>(act: () => Promise<T>): Promise<T> => {
          const dies = calls++ === victim;
          if (!dies || tookEffect) await act();
          if (dies) throw new Error('killed');
          return undefined as T;
        };
        const keep = async (progress: Progress): Promise<void> => {
          last = progress;
        };
        const write: RebuildDeps['write'] = async (one) => {
          await dying(() => table.write(one));
          return { kind: 'written' };
        };
        await rebuild(
          range,
          { ...walk, save: (progress) => dying(() => keep(progress)) },
          noProgress,
          onto(table, { write }),
        ).catch(() => {});
        const end = await rebuild(range, { ...walk, save: keep }, last, onto(table));
        expect(contents(table)).toEqual(undisturbed);
        expect([end.done, end.objects]).toEqual([true, 4]);
      }
  });

  it('gives profiles the ids of those that were made for the same identifiers, and else ids of their own that are always the same', async () => {
    const known = new Map([['users anonymous_id:a1', 'per_019de3000000known']]);
    const table = new MemoryTable();
    await rebuild(range, walk, noProgress, onto(table, {}, known));
    const idOf = (id: 'anonymous_id:a1' | 'user_id:u2') => table.owners.get(id);
    expect(idOf('anonymous_id:a1')).toBe('per_019de3000000known');
    expect(idOf('user_id:u2')).toMatch(/^per_[0-9a-f]{32}$/);
    expect(idOf('user_id:u2')).toBe((await calm()).owners.get('user_id:u2'));
  });

  it('leaves only the event at fault where the table refuses a write, and counts what a cap keeps out', async () => {
    const tight = { ...config, identity: { caps: { identifiers: 1 } } };
    const end = await rebuild(range, walk, noProgress, onto(new MemoryTable(), { config: tight }));
    expect(end.counts).toMatchObject({ refused: 0, capped: 6 });
    const other = new MemoryTable();
    const refusing: RebuildDeps['write'] = async (one) =>
      one.sightings.some(({ event }) => event.messageId === 'm2')
        ? { kind: 'refused', reason: 'too large' }
        : other.write(one);
    const left = await rebuild(range, walk, noProgress, onto(other, { write: refusing }));
    expect(left.counts).toMatchObject({ refused: 2 });
    expect(other.live()).toHaveLength(5);
  });

  it('leaves only the event at fault where something throws on it', async () => {
    const table = new MemoryTable();
    const { newProfileId, ...deps } = onto(table);
    const throwing: RebuildDeps['newProfileId'] = (createdAt, collection, messageId) => {
      if (messageId === 'v1') throw new TypeError('own.values is not iterable');
      return newProfileId(createdAt, collection, messageId);
    };
    const end = await rebuild(range, walk, noProgress, { ...deps, newProfileId: throwing });
    expect(end.counts).toMatchObject({ read: 9, nobody: 1, faulty: 1, refused: 0, capped: 0 });
    expect(table.live().reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(7);
    expect(describeRebuild(end)).toContain('1 that could not be applied');
  });

  it('ends with words when somebody else writes to its table, and goes on from there', async () => {
    const table = new MemoryTable();
    const contended: RebuildDeps['write'] = async () => ({ kind: 'contended' });
    await expect(rebuild(range, walk, noProgress, onto(table, { write: contended }))).rejects.toThrow(NotWritten);
    let times = 0;
    const busy: RebuildDeps['write'] = async (one) => (times++ % 3 < 2 ? { kind: 'contended' } : table.write(one));
    await rebuild(range, walk, noProgress, onto(table, { write: busy }));
    expect(contents(table)).toEqual(contents(await calm()));
  });

  it('takes only what was received in the time that is asked for', async () => {
    const table = new MemoryTable();
    const end = await rebuild(readRequest({ from: at(60), to: at(120) }), walk, noProgress, onto(table));
    expect(end.counts).toMatchObject({ read: 3, others: 6 });
    expect(table.live()).toHaveLength(2);
  });

  it('makes people one whom the platform found to be one, and passes over its corrections', async () => {
    const stated = (messageId: string, properties: object) =>
      eventOf({
        messageId,
        sourceId: '@platform',
        anonymousId: '@platform',
        event: messageId,
        properties,
        receivedAt: at(180),
      });
    const identifiers = ['user_id:u3', 'email:u3@x.org'];
    const corrected = stated('Profile Corrected', {
      identifiers: ['user_id:u2'],
      profile: { profileId: 'p', version: 1, eventCount: 99 },
    });
    const table = new MemoryTable();
    const late = { ...objects, 'raw/2026/05/01/13/a': [stated('Profiles Matched', { identifiers }), corrected] };
    const end = await rebuild(range, lakeObjects(late).walk, noProgress, onto(table));
    expect(table.owners.get('email:u3@x.org')).toBe(table.owners.get('user_id:u3'));
    expect(
      table
        .live()
        .map(({ eventCount }) => eventCount)
        .sort(),
    ).toEqual([1, 1, 1, 2, 3]);
    expect(end.counts).toMatchObject({ read: 10, others: 1 });
  });

  it('takes what was sent again for what it was', () =>
    fc.assert(
      fc.asyncProperty(
        fc.subarray(
          Object.values(objects)
            .flat()
            .filter((line) => typeof line !== 'string'),
        ),
        async (again) => {
          const copies = again.map((event) => `{"replayed":"raw",${JSON.stringify(event).slice(1)}`);
          const table = new MemoryTable();
          await rebuild(
            range,
            lakeObjects({ ...objects, 'raw/2026/05/02/20/a': copies }).walk,
            noProgress,
            onto(table),
          );
          expect(contents(table)).toEqual(contents(await calm()));
        },
      ),
    ));
});
