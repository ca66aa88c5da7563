import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { receiptVerifier } from '../../../lambdas/adapters/secrets/receipt-signer.ts';
import { identifiersOf } from '../../../lambdas/core/identifiers/identifier.ts';
import { officerCall } from '../../../lambdas/core/privacy/officer-call.ts';
import { optOutOf } from '../../../lambdas/core/privacy/opt-out.ts';
import { verifyReceipts } from '../../../lambdas/core/privacy/receipt-file.ts';
import type { Filing } from '../../../lambdas/core/privacy/request.ts';
import { permits } from '../../../lambdas/core/profile/consent.ts';
import type { OfficerDeps } from '../../../lambdas/operations/privacy/officer.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { Died, dying } from '../../fixtures/dying-officer.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { annAndBob, fileAndRun, filing, sendTo } from '../../fixtures/in-memory/ann-and-bob.ts';
import { officerInMemory, requestIdOf, stitched } from '../../fixtures/in-memory/officer.ts';
import { numRuns } from '../../fixtures/laws.ts';

const purposes = [
  { key: 'ads', name: 'Ads', kind: 'advertising', categories: ['C4'] },
  { key: 'partners', name: 'Partners', kind: 'sale_or_share', default: 'granted' },
  { key: 'statistics', name: 'Statistics', default: 'granted', categories: ['C2', 'C3'] },
  { key: 'maps', name: 'Maps', default: 'granted', categories: ['C3'] },
];
const segments = [{ key: 'known', name: 'Known', uses: ['partners'], where: { trait: 'email', operator: 'exists' } }];
const config = configOf({ purposes, segments });
const send = sendTo(config);
const optOut = (n: number, ...keys: readonly string[]): Filing => ({ ...filing(n, 'opt_out'), purposes: keys });
const ofAnn = ['anonymous_id:phone', 'anonymous_id:tablet', 'email:ann@example.com', 'user_id:ann'];

/** The purposes that the owner of an identifier allows. */
function allowedTo(table: MemoryTable, name: string): string[] {
  const profile = table.live().find(({ identifiers }) => [...identifiers.keys()].some((id) => id === name));
  if (profile === undefined) return ['nobody'];
  return config.purposes.filter((one) => permits(profile, { purposes: [one] })).map(({ key }) => key);
}

describe('what an opt-out refuses', () => {
  it.each([
    { keys: [], categories: ['sale_or_share'], refused: ['ads', 'partners'] },
    { keys: ['ads'], categories: ['C4'], refused: ['ads'] },
    { keys: ['partners'], categories: ['partners'], refused: ['partners'] },
    { keys: ['statistics'], categories: ['C2', 'C3'], refused: ['statistics', 'maps'] },
    { keys: ['maps', 'statistics'], categories: ['C2', 'C3'], refused: ['statistics', 'maps'] },
  ])('$keys: $refused', ({ keys, categories, refused }) =>
    expect(optOutOf(keys, config.purposes)).toEqual({ categories, refused }),
  );

  it('is shown before it is filed, and a purpose that nobody configured is refused', async () => {
    const officer = officerInMemory(await annAndBob(config), config);
    expect(await officer.preview(['user_id:ann'], optOut(1, 'ads'))).toMatchObject({ optOut: { refused: ['ads'] } });
    const unknown = optOut(1, 'ads', 'spam');
    const problem = 'purposes[1] must be one of ads, partners, statistics, maps';
    await expect(officer.preview(['user_id:ann'], unknown)).rejects.toThrow(problem);
    await expect(officer.file(unknown, ['user_id:ann'])).rejects.toThrow(problem);
    await expect(officer.file({ ...filing(1), purposes: ['ads'] }, ['user_id:ann'])).rejects.toThrow('type opt_out');
    expect(await officer.list()).toEqual([]);
  });
});

it('a call of an officer names one identifier, whatever its type', () => {
  const names = [
    'user_id:a',
    'anonymous_id:a',
    'email:a@x.org',
    'phone:+12015550123',
    'ios.id:a',
    'loyalty:a:b',
  ] as const;
  for (const name of names) {
    const call = officerCall(name, { requestId: requestIdOf(1), number: 1, at: minute(1) });
    expect(identifiersOf(call, config.identity)).toEqual({ usable: [name], blocked: [] });
  }
});

describe('an opt-out', () => {
  it.each(ofAnn)(
    'by %s counts for the whole person, who leaves the segments of the purpose, and for nobody else',
    async (name) => {
      const table = await annAndBob(config);
      const isKnown = () => table.live().some((profile) => profile.segments.has('known'));
      expect(isKnown()).toBe(true);
      const done = await fileAndRun(officerInMemory(table, config), optOut(1), name);
      expect(done).toMatchObject({ state: 'completed', keys: ofAnn });
      for (const one of ofAnn) expect(allowedTo(table, one), one).toEqual(['statistics', 'maps']);
      expect(isKnown()).toBe(false);
      expect(allowedTo(table, 'user_id:bob')).toEqual(['partners', 'statistics', 'maps']);
    },
  );

  it('says under which source and at what time, and its request keeps no name and has a receipt', async () => {
    const table = await annAndBob(config);
    const officer = officerInMemory(table, config);
    const done = await fileAndRun(officer, optOut(1, 'ads'), 'email:ann@example.com');
    const consent = table.live().flatMap((profile) => [...profile.consent]);
    expect(consent).toEqual([
      [
        'C4|email:ann@example.com',
        {
          ...{ granted: false, timestamp: '2026-05-01T12:00:00.000Z', sourceId: '@privacy' },
          messageId: `${requestIdOf(1)}-001`,
        },
      ],
    ]);
    const { keys: _keys, refusal, ...rest } = done;
    expect(refusal).toEqual({ categories: ['C4'], keys: ['email:ann@example.com'] });
    expect(JSON.stringify(rest)).not.toMatch(/ann|phone|tablet/);
    expect(done.receipts?.map(({ store, ended, found }) => [store, ended, found])).toEqual([
      ['profiles and what merged into them', 'opted out', 1],
    ]);
    expect(verifyReceipts(await officer.receipts(requestIdOf(1)), receiptVerifier)).toMatchObject({ ok: true });
    expect(await officer.run(requestIdOf(1))).toEqual(done);
  });

  it('outlives another consent of a device, and ends by a later yes under the same identifier', async () => {
    const table = await annAndBob(config);
    await fileAndRun(officerInMemory(table, config), optOut(1), 'user_id:ann');
    const later = { timestamp: '2026-05-01T13:00:00.000Z', receivedAt: '2026-05-01T13:00:00.000Z' };
    const yes = { context: { consent: { categoryPreferences: { sale_or_share: true, C4: true } } } };
    await send(table, eventOf({ userId: 'ann', anonymousId: 'phone', ...yes, ...later }));
    expect(allowedTo(table, 'user_id:ann')).toEqual(['statistics', 'maps']);
    await send(table, eventOf({ userId: 'ann', ...yes, ...later }));
    expect(allowedTo(table, 'user_id:ann')).toEqual(['ads', 'partners', 'statistics', 'maps']);
  });

  it.each([
    { name: 'another person', bar: async () => undefined },
    {
      name: 'somebody who is suppressed',
      bar: (table: MemoryTable) => table.forPrivacy().suppress('anonymous_id:family'),
    },
    {
      name: 'somebody who is erased later',
      bar: (table: MemoryTable) =>
        table.forPrivacy().erase('anonymous_id:family', '2026-05-01T14:00:00.000Z', () => true),
    },
  ])('outlives a yes that they say on a device of $name', async ({ bar }) => {
    const table = await annAndBob(config);
    await fileAndRun(officerInMemory(table, config), optOut(1), 'user_id:ann');
    const later = { timestamp: '2026-05-01T13:00:00.000Z', receivedAt: '2026-05-01T13:00:00.000Z' };
    await send(table, eventOf({ userId: 'cleo', anonymousId: 'family', ...later }));
    await bar(table);
    const yes = { context: { consent: { categoryPreferences: { sale_or_share: true, C4: true } } } };
    await send(table, eventOf({ userId: 'ann', anonymousId: 'family', ...yes, ...later }));
    expect(allowedTo(table, 'user_id:ann')).toEqual(['statistics', 'maps']);
  });

  it('of somebody unknown counts as soon as they come', async () => {
    const table = new MemoryTable();
    const { profileIds } = await fileAndRun(officerInMemory(table, config), optOut(1), 'email:zoe@example.com');
    expect(profileIds).toEqual([]);
    await send(table, eventOf({ type: 'identify', userId: 'zoe', traits: { email: 'zoe@example.com' } }));
    expect(allowedTo(table, 'user_id:zoe')).toEqual(['statistics', 'maps']);
  });

  it('is not done before the table has it, and is said again until it has', async () => {
    const table = await annAndBob(config);
    const officer = officerInMemory(table, config, { send: async () => ({ ok: true }) });
    expect(await fileAndRun(officer, optOut(1), 'user_id:ann')).toMatchObject({ state: 'waiting' });
    expect(allowedTo(table, 'user_id:ann')).toContain('partners');
    const { done } = await officerInMemory(table, config).runOpen();
    expect(done).toMatchObject([{ state: 'completed' }]);
    expect(done[0]).not.toHaveProperty('calls');
  });

  it('is not done because of a yes of the same instant, over which it stands', async () => {
    const table = await annAndBob(config);
    const at = { timestamp: '2026-05-01T12:00:00.000Z', receivedAt: '2026-05-01T12:00:00.000Z' };
    const yes = { context: { consent: { categoryPreferences: { sale_or_share: true } } } };
    await send(table, eventOf({ anonymousId: 'phone', ...yes, ...at }));
    const unheard = officerInMemory(table, config, { send: async () => ({ ok: true }) });
    expect(await fileAndRun(unheard, optOut(1), 'anonymous_id:phone')).toMatchObject({ state: 'waiting' });
    const { done } = await officerInMemory(table, config).runOpen();
    expect(done).toMatchObject([{ state: 'completed' }]);
    expect(allowedTo(table, 'user_id:ann')).toEqual(['statistics', 'maps']);
  });

  it('of a suppressed person waits until that is lifted, and of one erased since is over', async () => {
    const table = await annAndBob(config);
    const officer = officerInMemory(table, config);
    await fileAndRun(officer, filing(1), 'user_id:ann');
    expect(await fileAndRun(officer, optOut(2), 'user_id:ann')).toMatchObject({ state: 'waiting' });
    await fileAndRun(officer, filing(3, 'unsuppress'), 'user_id:ann');
    expect(await officer.run(requestIdOf(2))).toMatchObject({ state: 'completed' });
    await officer.file(optOut(4), ['user_id:bob']);
    await fileAndRun(officer, filing(5, 'erasure'), 'user_id:bob');
    const { receipts = [] } = await officer.run(requestIdOf(4));
    expect(receipts[0]?.evidence).toContain('1 of the identifiers were erased since');
  });

  it('puts nothing of a person on the stream who is kept out, also if they are erased then', async () => {
    const table = await annAndBob(config);
    const sent: unknown[] = [];
    const listened: OfficerDeps['send'] = async (records) => {
      sent.push(...records);
      return stitched(table, config)(records);
    };
    const officer = officerInMemory(table, config, { send: listened });
    await fileAndRun(officer, filing(1), 'user_id:bob');
    await fileAndRun(officer, optOut(2), 'user_id:bob', 'user_id:ann');
    expect(sent).toHaveLength(1);
    for (let hours = 0; hours < 3; hours++) await officer.runOpen();
    expect(sent).toHaveLength(1);
    await fileAndRun(officer, filing(3, 'erasure'), 'user_id:bob');
    await officer.runOpen();
    const done = await officer.show(requestIdOf(2));
    expect(done).toMatchObject({ state: 'completed' });
    expect(done).not.toHaveProperty('calls');
    expect(done.receipts?.[0]?.evidence).toContain('1 of the identifiers were erased since');
    expect(sent).toHaveLength(1);
  });

  it('fails if the stream takes nothing, and goes on afterwards', async () => {
    const table = await annAndBob(config);
    const busy = officerInMemory(table, config, {
      send: async () => ({ ok: false, reason: 'throttled', error: 'busy' }),
    });
    await expect(fileAndRun(busy, optOut(1), 'user_id:ann')).rejects.toThrow('the event stream takes nothing now');
    expect(await officerInMemory(table, config).run(requestIdOf(1))).toMatchObject({ state: 'completed' });
  });

  it('stays refused whatever merges into the person, before or after, in any order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y', 'z')), { maxLength: 6 }),
        fc.nat(6),
        fc.constantFrom('user_id:a', 'anonymous_id:x'),
        async (pairs, at, name) => {
          const table = new MemoryTable();
          const officer = officerInMemory(table, config);
          const sent = (some: typeof pairs) =>
            send(table, ...some.map(([userId, anonymousId]) => eventOf({ userId, anonymousId })));
          await sent(pairs.slice(0, at));
          await fileAndRun(officer, optOut(1), name);
          await sent(pairs.slice(at));
          expect(allowedTo(table, name)).toEqual(['statistics', 'maps']);
        },
      ),
      { numRuns: numRuns(60) },
    ));

  it('ends the same if its officer dies at any await and runs it again', async () => {
    const begin = () => annAndBob(config);
    const endOf = async (table: MemoryTable) => [
      table.live().map(({ consent, eventCount }) => [[...consent].sort(), eventCount]),
      await officerInMemory(table, config).list(),
    ];
    const whole = await begin();
    await fileAndRun(officerInMemory(whole, config), optOut(1), 'user_id:ann', 'anonymous_id:phone');
    const end = await endOf(whole);
    let deaths = 0;
    for (let nth = 1, isOver = false; !isOver; nth++)
      for (const after of [false, true]) {
        const table = await begin();
        const { deps, calls } = dying(table, nth, after, { config });
        const run = fileAndRun(officerInMemory(table, config, deps), optOut(1), 'user_id:ann', 'anonymous_id:phone');
        await run.catch((error) => {
          if (!(error instanceof Died)) throw error;
          deaths += 1;
        });
        isOver = calls() < nth;
        await fileAndRun(officerInMemory(table, config), optOut(1), 'user_id:ann', 'anonymous_id:phone');
        expect(await endOf(table), `death at call ${nth}`).toEqual(end);
      }
    expect(deaths).toBeGreaterThan(10);
  });
});
