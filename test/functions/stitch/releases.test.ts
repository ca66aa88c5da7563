import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OwnerMemory } from '../../../lambdas/adapters/dynamodb/owner-memory.ts';
import { platformSource } from '../../../lambdas/core/contract/signals.ts';
import type { Event } from '../../../lambdas/core/events/event.ts';
import { formerName } from '../../../lambdas/core/identifiers/former-name.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import type { IdentityLogEntry } from '../../../lambdas/core/stitching/batch/identity-log.ts';
import { kinesisEvent, recordOf } from '../../fakes/kinesis.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { stitchInMemory } from '../../fixtures/in-memory/stitch.ts';
import { numRuns } from '../../fixtures/laws.ts';

const config = configOf();

const contact = (id: string) => ({
  context: { externalIds: [{ id, type: 'crm', collection: 'users', encoding: 'none' }] },
});

const said = (messageId: string, at: number, names: Record<string, unknown>): Event =>
  eventOf({
    type: 'identify',
    messageId,
    timestamp: minute(at),
    receivedAt: minute(at),
    traits: { plan: messageId },
    ...names,
  });

const released = (identifier: Identifier, at: number): Event =>
  eventOf({
    ...{ type: 'track', event: 'Identifier Released', messageId: `release ${identifier} ${at}` },
    ...{ sourceId: platformSource, anonymousId: 'platform', timestamp: minute(at), receivedAt: minute(at) },
    properties: { release: identifier, source: 'contacts' },
  });

const row = (messageId: string, at: number, email?: string): Event =>
  said(messageId, at, {
    ...contact('31'),
    userId: undefined,
    anonymousId: undefined,
    ...(email && { traits: { plan: messageId, email } }),
  });

async function stitched(table: MemoryTable, ...events: readonly Event[]) {
  const logged: IdentityLogEntry[] = [];
  const worker = stitchInMemory(table, {
    config,
    write: async (write) => {
      logged.push(...write.log);
      return table.write(write);
    },
    release: async (release) => {
      logged.push(...(release.person?.log ?? []));
      return table.release(release);
    },
  });
  await worker.handler(kinesisEvent([recordOf([...events])]));
  return { ...worker, logged };
}

const peopleIn = (table: MemoryTable): string[] =>
  table
    .live()
    .map(({ identifiers, eventCount, traits }) =>
      JSON.stringify([[...identifiers.keys()].sort(), eventCount, traits.get('plan')?.value ?? null]),
    )
    .sort();

const former = (at: number): Identifier => formerName('crm:31', minute(at));
const people = (...all: readonly (readonly [readonly string[], number, string])[]) =>
  all.map(([ids, ...rest]) => JSON.stringify([[...ids].sort(), ...rest])).sort();

describe('stitch and a released identifier', () => {
  it('leaves the person all else, also where nothing else names them, and makes later events somebody new', async () => {
    const table = new MemoryTable();
    await stitched(table, row('created', 1, 'ann@example.com'), row('updated', 2));
    const { logged } = await stitched(table, released('crm:31', 5), row('reused', 6));
    expect(peopleIn(table)).toEqual(
      people([[former(5), 'email:ann@example.com'], 2, 'updated'], [['crm:31'], 1, 'reused']),
    );
    await stitched(table, said('mail', 7, { userId: 'u', traits: { plan: 'mail', email: 'ann@example.com' } }));
    const [ann] = table.live().filter(({ identifiers }) => identifiers.has(former(5)));
    expect(ann?.eventCount).toBe(3);
    expect(logged.map(({ kind, identifier, rule, founds }) => ({ kind, identifier, rule, founds }))).toEqual([
      { kind: 'release', identifier: 'crm:31', rule: 'unlink by contacts' },
      { kind: 'link', identifier: former(5), founds: true },
      { kind: 'link', identifier: 'crm:31', founds: true },
    ]);
  });

  it('gives an event that comes late to the person of then, and does nothing when it comes again', async () => {
    const table = new MemoryTable();
    await stitched(table, row('created', 1), released('crm:31', 5), row('reused', 6), row('late', 4));
    const writes = table.writes;
    const again = [released('crm:31', 5), row('created', 1), row('reused', 6), row('late', 4)];
    await stitched(table, ...again);
    expect(peopleIn(table)).toEqual(people([[former(5)], 2, 'late'], [['crm:31'], 1, 'reused']));
    expect(table.writes).toBe(writes);
  });

  it('keeps the cause of the link, so that the lake and a rebuild know the profile by the former name', async () => {
    const table = new MemoryTable();
    await stitched(table, row('created', 1));
    const [ann] = table.live();
    const { logged } = await stitched(table, released('crm:31', 5));
    expect(logged.at(-1)).toMatchObject({
      kind: 'link',
      profileId: ann?.profileId,
      messageId: 'created',
      at: minute(1),
      founds: true,
    });
    expect(table.owners.get(former(5))).toBe(ann?.profileId);
    expect([table.owners.has('crm:31'), table.barriers.get('crm:31')]).toEqual([false, { released: [minute(5)] }]);
  });

  it('keeps consent, which only the same identifier can give again', async () => {
    const table = new MemoryTable();
    const preferences = (ads: boolean) => ({ ...contact('31').context, consent: { categoryPreferences: { ads } } });
    await stitched(table, { ...row('no', 1, 'ann@example.com'), context: preferences(false) });
    await stitched(table, released('crm:31', 5), { ...row('yes', 6), context: preferences(true) });
    const consentOf = (id: Identifier) =>
      table
        .live()
        .flatMap(({ identifiers, consent }) =>
          identifiers.has(id) ? [[...consent].map(([key, { granted }]) => [key, granted])] : [],
        );
    expect(consentOf(former(5))).toEqual([[[`ads|${former(5)}`, false]]]);
    expect(consentOf('crm:31')).toEqual([[['ads|crm:31', true]]]);
  });

  it('keeps what the identifier said on a device of somebody else', async () => {
    const table = new MemoryTable();
    const consent = { categoryPreferences: { ads: false } };
    await stitched(table, said('bob', 1, { userId: 'bob', anonymousId: 'family' }));
    const row = { ...contact('31'), userId: 'ann', anonymousId: 'family' };
    await stitched(table, said('ann', 2, { ...row, context: { ...row.context, consent } }));
    const consentOfAnn = () =>
      table.live().flatMap((one) => (one.identifiers.has('user_id:ann') ? [...one.consent.keys()] : []));
    expect(consentOfAnn()).toEqual(['ads|~crm:31']);
    await stitched(table, released('crm:31', 5));
    expect(consentOfAnn()).toEqual([`ads|~${former(5)}`]);
  });

  it('takes no room of a limit, so that another id can come', async () => {
    const one = configOf({ identity: { limits: { crm: { max: 1 } } } });
    const table = new MemoryTable();
    const { handler } = stitchInMemory(table, { config: one });
    const other = said('other', 6, {
      ...contact('32'),
      userId: undefined,
      anonymousId: undefined,
      traits: { plan: 'other', email: 'ann@example.com' },
    });
    await handler(kinesisEvent([recordOf([row('created', 1, 'ann@example.com'), released('crm:31', 5)])]));
    await handler(kinesisEvent([recordOf([other])]));
    expect(peopleIn(table)).toEqual(people([[former(5), 'crm:32', 'email:ann@example.com'], 2, 'other']));
  });

  it('is undone with a merge: the restored person keeps the former name', async () => {
    const table = new MemoryTable();
    await stitched(table, row('created', 1), said('user', 2, { userId: 'u', anonymousId: undefined }));
    await stitched(table, { ...row('both', 3), userId: 'u' });
    const merged = table.live();
    await stitched(table, released('crm:31', 5));
    expect(merged.length).toBe(1);
    expect(peopleIn(table)).toEqual(people([[former(5), 'user_id:u'], 3, 'both']));
    expect(table.owners.get(former(5))).toBe(merged[0]?.profileId);
  });

  it('does not lift a suppression, and an erasure stays for what happened before', async () => {
    const table = new MemoryTable();
    await table.forPrivacy().erase('crm:31', minute(2), () => true);
    expect((await stitched(table, row('then', 1), row('created', 3), released('crm:31', 5))).suppressed).toEqual([
      'shop',
    ]);
    expect((await stitched(table, row('old', 2))).suppressed).toEqual(['shop']);
    expect(peopleIn(table)).toEqual(people([[former(5)], 1, 'created']));
    await table.forPrivacy().suppress('crm:31');
    expect((await stitched(table, released('crm:31', 9))).suppressed).toEqual([platformSource]);
    await table.forPrivacy().lift('crm:31');
    expect(table.barriers.get('crm:31')).toEqual({ erased: minute(2), released: [minute(5)] });
  });

  it.each([
    { flaw: 'a blocked value', properties: { release: 'crm:null', source: 'contacts' } },
    { flaw: 'a former name', properties: { release: former(5), source: 'contacts' } },
    { flaw: 'no source', properties: { release: 'crm:31' } },
  ])('of $flaw is put aside', async ({ properties }) => {
    const table = new MemoryTable();
    const { quarantined } = await stitched(table, { ...released('crm:31', 5), properties } as Event);
    expect([quarantined.length, table.writes]).toEqual([1, 0]);
  });

  it('that comes from a client is an event like any other', async () => {
    const table = new MemoryTable();
    await stitched(table, row('created', 1), { ...released('crm:31', 5), sourceId: 'shop' } as Event);
    expect(table.owners.has('crm:31')).toBe(true);
  });
});

describe('stitch under releases, whatever comes in which order', () => {
  // No limit binds, because then the order decides who gets an identifier.
  const boundless = configOf({ identity: { limits: { user_id: { max: 99 }, crm: { max: 99 } } } });
  const call = fc.record({
    crm: fc.constantFrom('1', '2', undefined),
    userId: fc.constantFrom('ann', 'bob', undefined),
    at: fc.integer({ min: 0, max: 20 }),
  });
  const release = fc.record({ crm: fc.constantFrom('1', '2'), at: fc.integer({ min: 0, max: 20 }) });

  it('has the people of events that name what each identifier was then, as soon as the releases are known', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(call, { maxLength: 12 }),
        fc.array(release, { minLength: 1, maxLength: 5 }),
        fc.gen(),
        async (calls, releases, gen) => {
          const events = calls
            .filter(({ crm, userId }) => crm !== undefined || userId !== undefined)
            .map(({ crm, userId, at }, n) =>
              said(`m${n}`, at, { userId, anonymousId: undefined, ...(crm && contact(crm)) }),
            );
          // By hand: each life of an identifier is an id of its own, and nothing is released.
          const lives = events.map((event) => {
            const [own] = (event.context?.externalIds ?? []) as { id: string }[];
            if (own === undefined) return event;
            const until = releases
              .filter(({ crm, at }) => crm === own.id && event.timestamp <= minute(at))
              .map(({ at }) => at);
            return {
              ...event,
              ...contact(`${own.id} until ${until.length === 0 ? 'now' : Math.min(...until)}`),
            } as Event;
          });
          const table = new MemoryTable();
          const workers = [1, 2].map(() =>
            stitchInMemory(table, { config: boundless, ...table.remembering(new OwnerMemory()) }),
          );
          const told = releases.map(({ crm, at }) => released(`crm:${crm}`, at));
          const shuffled = (some: readonly Event[]) =>
            gen(fc.shuffledSubarray, [...some], { minLength: some.length, maxLength: some.length });
          // An identifier that was seen after a release that nobody told yet stays; the lake parts these.
          const first = shuffled([
            ...events.filter(({ timestamp }) => told.every((each) => timestamp <= each.timestamp)),
            ...told,
            ...told,
          ]);
          const rest = shuffled([...events, ...events, ...told]);
          for (const [n, batch] of [first, rest].entries()) {
            const half = Math.ceil(batch.length / 2);
            const parts = [batch.slice(0, half), batch.slice(half)].filter(({ length }) => length > 0);
            await Promise.all(
              parts.map((part, m) => workers[m]?.handler(kinesisEvent([recordOf(part)], n * 1000 + m * 100))),
            );
          }
          const plain = new MemoryTable();
          if (lives.length > 0)
            await stitchInMemory(plain, { config: boundless }).handler(kinesisEvent([recordOf(lives)]));
          const named = (id: string): string => {
            const at = /^crm~(\d+):(.*)$/.exec(id);
            if (at === null) return id.replace(/^(crm:.*)$/, '$1 until now');
            return `crm:${at[2]} until ${(Number(at[1]) - Date.parse(minute(0))) / 60_000}`;
          };
          const shown = (of: MemoryTable, name = (id: string) => id) =>
            of
              .live()
              .map(({ identifiers, eventCount }) =>
                JSON.stringify([[...identifiers.keys()].map(name).sort(), eventCount]),
              )
              .sort();
          expect(shown(table, named)).toEqual(shown(plain));
        },
      ),
      { numRuns: numRuns(300) },
    ));
});
