import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OwnerMemory } from '../../../lambdas/adapters/dynamodb/owner-memory.ts';
import { platformSource } from '../../../lambdas/core/contract/signals.ts';
import type { Event } from '../../../lambdas/core/events/event.ts';
import { planUnmerge } from '../../../lambdas/core/operations/plan-unmerge.ts';
import { liveAt } from '../../../lambdas/core/table/profile-item.ts';
import { kinesisEvent, recordOf } from '../../fakes/kinesis.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { stitchInMemory } from '../../fixtures/in-memory/stitch.ts';
import { numRuns } from '../../fixtures/laws.ts';

const config = configOf();
const instances = 3;
const users = fc.constantFrom('u1', 'u2', 'u3');
const devices = fc.constantFrom('a', 'b', 'c');
const id = fc.oneof(
  users.map((user) => `user_id:${user}` as const),
  devices.map((device) => `anonymous_id:${device}` as const),
);
const visit = fc.record({
  at: fc.nat(60),
  userId: fc.option(users, { nil: undefined }),
  anonymousId: devices,
});
const alias = fc.record({ at: fc.nat(60), type: fc.constant('alias' as const), previousId: devices, userId: users });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('events' as const),
      by: fc.nat(instances - 1),
      events: fc.array(fc.oneof(visit, alias), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('erase' as const), id, at: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('suppress' as const), id }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('lift' as const), id }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('correction' as const), by: fc.nat(instances - 1), who: fc.nat() }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('unmerge' as const), who: fc.nat(), which: fc.nat() }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A table, and instances of stitch that remember owners or not. */
function worldOf(remembers: boolean) {
  const table = new MemoryTable();
  const memories = Array.from({ length: instances }, () => new OwnerMemory(8));
  let [made, sent] = [0, 0];
  const newProfileId = (): string => `p${String(++made).padStart(4, '0')}`;
  const give = async (by: number, events: readonly Event[]): Promise<void> => {
    const worker = remembers ? table.remembering(memories[by] as OwnerMemory) : {};
    const { handler } = stitchInMemory(table, { config, newProfileId, ...worker });
    await handler(kinesisEvent([recordOf([...events])]));
  };
  const stamped = (call: object, at: number): Event =>
    eventOf({ messageId: `m${++sent}`, timestamp: minute(at), receivedAt: minute(60 + sent), ...call });
  const barriers = table.forPrivacy();

  async function take(one: Step): Promise<void> {
    if (one.what === 'events')
      return give(
        one.by,
        one.events.map(({ at, ...call }) => stamped(call, at)),
      );
    if (one.what === 'erase') return void (await barriers.erase(one.id, minute(one.at), () => true));
    if (one.what === 'suppress' || one.what === 'lift') return void (await barriers[one.what](one.id));
    const live = table.live();
    const profile = live[one.who % live.length];
    if (profile === undefined) return;
    const [leading, ...others] = [...profile.identifiers.keys()];
    if (one.what === 'correction') {
      const version = table.items.get(profile.profileId)?.version;
      const target = { profileId: profile.profileId, version, released: others };
      const properties = { identifiers: [leading], profile: target };
      const call = { sourceId: platformSource, anonymousId: 'platform', event: 'Profile Corrected', properties };
      return give(one.by, [stamped(call, 60)]);
    }
    const person = await table.forOperators().readMergedPerson({ profileId: profile.profileId });
    const targets = [
      ...[...profile.merged.keys()].map((profileId) => ({ profileId })),
      ...[...(person?.owners ?? [])].map(([identifier, owner]) => ({ identifier, owner })),
    ];
    const target = targets[one.which % targets.length];
    if (person === undefined || target === undefined) return;
    const cause = { messageId: `o${++sent}`, timestamp: minute(60), at: minute(60 + sent) };
    const plan = planUnmerge(person, target, { cause, config, newProfileId });
    if (plan.kind === 'planned') await table.unmerge(plan.write);
  }
  return { table, take };
}

describe('instances of stitch that remember owners', () => {
  it('write what others write that read each owner, whoever was merged, parted, released or barred in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const [one, other] = [worldOf(true), worldOf(false)];
        for (const each of steps) {
          await one.take(each);
          await other.take(each);
          expect(one.table.items).toEqual(other.table.items);
          expect(one.table.owners).toEqual(other.table.owners);
        }
        for (const [name, barrier] of one.table.barriers) {
          const given = one.table.owners.get(name);
          if (given !== undefined && Object.keys(barrier).length > 0)
            expect(liveAt(given, one.table.items)?.profile.barred ?? true).toBe(true);
        }
      }),
      { numRuns: numRuns(1200) },
    );
  });

  const again = (n: number) => eventOf({ messageId: `m${n}`, userId: 'u1', anonymousId: 'a', receivedAt: minute(n) });

  it('read a profile that comes again, and no identifier of it', async () => {
    const table = new MemoryTable();
    const worker = table.remembering(new OwnerMemory());
    for (let n = 1; n <= 5; n += 1)
      await stitchInMemory(table, { config, ...worker }).handler(kinesisEvent([recordOf([again(n)])]));
    expect(table.reads).toEqual({ owners: 2, profiles: 4 });
    expect(table.live().map(({ eventCount }) => eventCount)).toEqual([5]);
  });

  it('plan again what was planned when a barrier was set', async () => {
    const table = new MemoryTable();
    const memory = new OwnerMemory();
    const { load, write } = table.remembering(memory);
    const stitch = (set: () => Promise<unknown> = async () => {}) =>
      stitchInMemory(table, {
        config,
        load,
        write: async (planned) => {
          await set();
          set = async () => {};
          return write(planned);
        },
      });
    for (const n of [1, 2]) await stitch().handler(kinesisEvent([recordOf([again(n)])]));
    const { handler, suppressed } = stitch(() => table.forPrivacy().suppress('user_id:u1'));
    await handler(kinesisEvent([recordOf([again(3)])]));
    expect(suppressed).toEqual(['shop']);
    expect(table.live().map(({ eventCount }) => eventCount)).toEqual([2]);
  });
});
