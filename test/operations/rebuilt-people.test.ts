import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newProfileId } from '../../lambdas/adapters/dynamodb/profile-id.ts';
import { type CdpConfigInput, parseConfig } from '../../lambdas/core/config/config.ts';
import type { Event } from '../../lambdas/core/events/event.ts';
import { type Identifier, identifiersOf } from '../../lambdas/core/identifiers/identifier.ts';
import type { IdentityLogEntry } from '../../lambdas/core/stitching/batch/identity-log.ts';
import { noProgress, type Progress } from '../../lambdas/operations/lake-walk.ts';
import { accountFor, type RebuildDeps, rebuild } from '../../lambdas/operations/rebuild.ts';
import { type LogEntry, linkingOf, readIdentityLog, rebuiltProfileId } from '../../lambdas/operations/rebuilt-id.ts';
import { readRequest } from '../../lambdas/operations/replay.ts';
import { kinesisEvent, recordOf } from '../fakes/kinesis.ts';
import { MemoryTable } from '../fakes/memory-table.ts';
import { eventOf } from '../fixtures/events.ts';
import { stitchInMemory } from '../fixtures/in-memory/stitch.ts';
import { lakeObjects } from '../fixtures/lake-objects.ts';
import { numRuns } from '../fixtures/laws.ts';

const range = readRequest({ from: '2026-05-01', to: '2026-05-03' });
const at = (n: number): string => new Date(Date.UTC(2026, 4, 1, 10, 0, 0, n)).toISOString();
/** No limit binds, so that people are what the identifiers that were said together make one. */
const configOf = (blocked: readonly string[]): CdpConfigInput => ({
  sources: [{ id: 'shop', kind: 'server', writeKey: 'a-write-key' }],
  identity: {
    limits: {},
    defaultLimit: 1000,
    breaker: { merges: 1000, minutes: 1 },
    blocked: { anonymous_id: { values: [...blocked], patterns: [] } },
  },
});

async function live(batches: readonly (readonly Event[])[], config: CdpConfigInput) {
  const [table, log]: [MemoryTable, IdentityLogEntry[]] = [new MemoryTable(), []];
  const write: RebuildDeps['write'] = async (one) => {
    const outcome = await table.write(one);
    if (outcome.kind === 'written') log.push(...one.log);
    return outcome;
  };
  const { handler } = stitchInMemory(table, { config: parseConfig(config), newProfileId, write });
  for (const batch of batches)
    expect(await handler(kinesisEvent([recordOf(batch)]))).toEqual({ batchItemFailures: [] });
  return { table, log };
}

async function rebuilt(
  batches: readonly (readonly Event[])[],
  config: CdpConfigInput,
  log: readonly IdentityLogEntry[],
  killedAt = Number.POSITIVE_INFINITY,
) {
  const table = new MemoryTable();
  const entries = async function* () {
    yield log.map((entry): LogEntry => ({ ...entry }));
  };
  const { ids } = await readIdentityLog(entries(), linkingOf(config));
  const { walk } = lakeObjects(
    Object.fromEntries(batches.map((batch, n) => [`raw/2026/05/01/10/${String(n).padStart(3, '0')}`, batch])),
  );
  let [writes, last]: [number, Progress] = [0, noProgress];
  const write: RebuildDeps['write'] = async (one) => {
    if (writes++ === killedAt) throw new Error('killed');
    return table.write(one);
  };
  const save = async (progress: Progress) => {
    last = progress;
  };
  const run = () =>
    rebuild(range, { ...walk, save }, last, {
      config,
      load: table.load,
      write,
      release: table.release,
      newProfileId: rebuiltProfileId(ids),
      pause: async () => {},
    });
  const end = await run().catch(run);
  return { table, end };
}

/** Union-find over the identifiers that are not blocked. */
function people(events: readonly Event[], config: CdpConfigInput): string[] {
  const { identity } = parseConfig(config);
  const leader = new Map<Identifier, Identifier>();
  const find = (id: Identifier): Identifier => (leader.get(id) === id ? id : find(leader.get(id) as Identifier));
  for (const event of events) {
    const [first, ...others] = identifiersOf(event, identity).usable;
    for (const id of first === undefined ? [] : [first, ...others]) {
      if (!leader.has(id)) leader.set(id, id);
      leader.set(find(id), find(first as Identifier));
    }
  }
  return [...Map.groupBy(leader.keys(), find).values()].map((ids) => ids.sort().join(' ')).sort();
}
const peopleIn = (table: MemoryTable): string[] =>
  table
    .live()
    .map(({ identifiers }) => [...identifiers.keys()].sort().join(' '))
    .sort();
const idsIn = (table: MemoryTable) =>
  table
    .live()
    .map(({ profileId, identifiers }) => [[...identifiers.keys()].sort().join(' '), profileId])
    .sort();

const call = fc.record({
  anonymousId: fc.constantFrom('kiosk-1', 'kiosk-2', 'a', 'b', 'c'),
  userId: fc.option(fc.constantFrom('u1', 'u2', 'u3', 'u4', 'u5'), { nil: undefined }),
  traits: fc.oneof(
    fc.constant({}),
    fc.constantFrom('ann', 'bob', 'cy', 'dee').map((name) => ({ email: `${name}@x.org` })),
  ),
  later: fc.boolean(),
});
/** Calls of a few milliseconds, some of them twice. */
const histories = fc.array(call, { minLength: 1, maxLength: 25 }).map((calls) => {
  let now = 0;
  return calls.map(({ later, ...fields }, n): Event => {
    now += later ? 1 : 0;
    return eventOf({ type: 'identify', messageId: `m${n}`, ...fields, timestamp: at(now), receivedAt: at(now) });
  });
});
const splits = fc.array(fc.nat(24), { maxLength: 5 });
const inBatches = (events: readonly Event[], cuts: readonly number[]): Event[][] => {
  const ends = [...new Set([...cuts, 0, events.length])].filter((end) => end <= events.length).sort((a, b) => a - b);
  return ends.slice(1).map((end, n) => events.slice(ends[n], end));
};
const blockedLater = fc.subarray(['kiosk-1', 'kiosk-2', 'a']);

it('makes the people that identifiers tell, many of one millisecond, by rules that changed, split and killed anywhere', () =>
  fc.assert(
    fc.asyncProperty(
      histories,
      splits,
      splits,
      blockedLater,
      fc.nat(12),
      async (events, cuts, otherCuts, blocked, killedAt) => {
        const before = await live(inBatches(events, cuts), configOf([]));
        const config = configOf(blocked);
        const calm = await rebuilt(inBatches(events, otherCuts), config, before.log);
        const killed = await rebuilt(inBatches(events, cuts), config, before.log, killedAt);
        expect(peopleIn(calm.table)).toEqual(people(events, config));
        expect(idsIn(killed.table)).toEqual(idsIn(calm.table));
        const { read = 0, applied = 0, repeated = 0, nobody = 0, missing } = killed.end.counts;
        expect([applied + repeated + nobody, missing, read]).toEqual([read, 0, events.length]);
        if (blocked.length === 0) expect(idsIn(calm.table)).toEqual(idsIn(before.table));
        const known = new Map(
          before.table.live().map(({ profileId, identifiers, merged }) => [profileId, { identifiers, merged }]),
        );
        for (const { profileId, identifiers } of calm.table.live()) {
          const then = known.get(profileId) ?? [...known.values()].find(({ merged }) => merged.has(profileId));
          if (then !== undefined) expect([...identifiers.keys()].some((id) => then.identifiers.has(id))).toBe(true);
        }
      },
    ),
    { numRuns: numRuns(300) },
  ));

it('makes three people of one request of a kiosk that is blocked since, and gives the first the id that all had', async () => {
  const named = ['ann', 'bob', 'cy'].map((name) =>
    eventOf({ type: 'identify', anonymousId: 'kiosk-7', traits: { email: `${name}@x.org` }, receivedAt: at(0) }),
  );
  const before = await live([named], configOf([]));
  const { table, end } = await rebuilt([named], configOf(['kiosk-7']), before.log);
  expect(peopleIn(table)).toEqual(['email:ann@x.org', 'email:bob@x.org', 'email:cy@x.org']);
  expect(idsIn(table)[0]?.[1]).toBe(before.table.live()[0]?.profileId);
  expect(accountFor(end)).toBe('of 3 events 3 applied, 0 repeated, 0 not applied');
});

it.each([1, 2])('makes as many people when all of them are given one id, in %i batches', async (batches) => {
  const named = ['ann', 'bob', 'cy'].map((name) => eventOf({ type: 'identify', anonymousId: name, receivedAt: at(0) }));
  const stubborn: RebuildDeps['newProfileId'] = (_, __, ___, founder) =>
    founder?.refused ? `per_1-${founder.identifiers}-${founder.refused}` : 'per_1';
  const table = new MemoryTable();
  const objects = Object.fromEntries(
    inBatches(named, batches === 1 ? [] : [1]).map((batch, n) => [`raw/2026/05/01/10/${n}`, batch]),
  );
  const end = await rebuild(range, lakeObjects(objects).walk, noProgress, {
    ...{
      config: configOf([]),
      load: table.load,
      write: table.write,
      release: table.release,
      newProfileId: stubborn,
      pause: async () => {},
    },
  });
  expect(peopleIn(table)).toEqual(['anonymous_id:ann', 'anonymous_id:bob', 'anonymous_id:cy']);
  expect(end.counts).toMatchObject({ applied: 3, missing: 0 });
});
