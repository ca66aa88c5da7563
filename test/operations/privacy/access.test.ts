import { beforeEach, describe, expect, it } from 'vitest';
import { refusedQuery } from '../../../lambdas/core/access/lake-queries.ts';
import type { CdpConfigInput } from '../../../lambdas/core/config/config.ts';
import { defaultRetention } from '../../../lambdas/core/contract/retention.ts';
import { did } from '../../../lambdas/core/segments/language/events.ts';
import { trait } from '../../../lambdas/core/segments/language/people.ts';
import type { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { annAndBob, fileAndRun, filing, sendTo } from '../../fixtures/in-memory/ann-and-bob.ts';
import { officerInMemory, requestIdOf } from '../../fixtures/in-memory/officer.ts';
import { lakeOf, reportsInMemory } from '../../fixtures/in-memory/reports.ts';

const source = { id: 'shop', kind: 'server', writeKey: 'a-write-key', defaultCountry: 'US' } as const;
const input: CdpConfigInput = { sources: [source] };
const config = configOf();
const id = requestIdOf(1);
let table: MemoryTable;
beforeEach(async () => {
  table = await annAndBob();
});

/** Files a request about somebody, and reads the report. */
async function reportAbout(text: string, settings: CdpConfigInput = input, ask = lakeOf(new Map())) {
  await fileAndRun(officerInMemory(table, configOf(settings)), filing(1, 'access'), text);
  return reportsInMemory(table, settings, { ask }).read(id);
}

const profileOf = async (identifier: `${string}:${string}`) =>
  (await table.readLive({ identifier, collection: 'users' }))?.profile.profileId ?? '';

describe('a request for access', () => {
  it('waits for its report and the answer, which ends it', async () => {
    const officer = officerInMemory(table, config);
    const { reporter } = reportsInMemory(table, input);
    expect(await fileAndRun(officer, filing(1, 'access'), 'user_id:ann')).toMatchObject({ state: 'waiting' });
    expect(await officer.run(id)).toMatchObject({ state: 'waiting' });
    expect(await officer.runOpen()).toEqual({ done: [], failed: [] });
    expect(await officer.answer(id)).toMatchObject({ state: 'waiting', answeredAt: expect.any(String) });
    await reporter.report(id, false);
    await reporter.noteWritten(id);
    expect(await officer.answer(id)).toMatchObject({ state: 'completed', completedAt: expect.any(String) });
    expect(await officer.answer(id)).toMatchObject({ state: 'completed' });
    await expect(officer.cancel(id)).rejects.toThrow('the request is completed');
  });

  it('can be cancelled while it waits, and has no report then', async () => {
    const officer = officerInMemory(table, config);
    await fileAndRun(officer, filing(1, 'access'), 'user_id:ann');
    expect(await officer.cancel(id)).toMatchObject({ state: 'cancelled' });
    await expect(reportsInMemory(table, input).read(id)).rejects.toThrow('the request is cancelled');
  });

  it('has no report if it is none, or about nobody, and is answered then', async () => {
    const officer = officerInMemory(table, config);
    const reports = reportsInMemory(table, input);
    await expect(reports.read(id)).rejects.toThrow('there is no such request');
    await fileAndRun(officer, filing(1), 'user_id:ann');
    await expect(reports.read(id)).rejects.toThrow('the request is for suppress, which has no report');
    await fileAndRun(officer, filing(2, 'access'), 'user_id:zoe');
    await expect(reports.read(requestIdOf(2))).rejects.toThrow('nobody had these identifiers');
    expect(await officer.answer(requestIdOf(2))).toMatchObject({ state: 'completed' });
  });

  it('says that the person was erased meanwhile', async () => {
    const officer = officerInMemory(table, config);
    await fileAndRun(officer, filing(1, 'access'), 'user_id:ann');
    await fileAndRun(officer, filing(2, 'erasure'), 'user_id:ann');
    await expect(reportsInMemory(table, input).read(id)).rejects.toThrow('the person was erased after the request');
    expect(await officer.answer(id)).toMatchObject({ state: 'completed' });
  });

  it('takes in what merged since it was filed only if somebody says that it may', async () => {
    const officer = officerInMemory(table, config, { now: () => minute(2) });
    await fileAndRun(officer, filing(1, 'access'), 'user_id:ann');
    const send = sendTo();
    const laptop = { anonymousId: 'laptop', timestamp: minute(3), receivedAt: minute(3) };
    await send(table, eventOf(laptop));
    await send(table, eventOf({ ...laptop, userId: 'ann', receivedAt: minute(4) }));
    const reports = reportsInMemory(table, input);
    await expect(reports.read(id)).rejects.toThrow(/merged with this person after the request was filed: 2026-/);
    const { report } = await reports.read(id, true);
    expect(report.people[0]?.identifiers.map(({ value }) => value)).toContain('laptop');
  });

  it('for portability is the same as a file for machines, without a page', async () => {
    await fileAndRun(officerInMemory(table, config), filing(1, 'portability'), 'user_id:ann');
    const { html, report } = await reportsInMemory(table, input).read(id);
    expect(html).toBe('');
    expect(report.people).toHaveLength(1);
  });
});

describe('a report', () => {
  it('has what merged in, and nothing of who used the same device', async () => {
    const ofAnn = await reportAbout('user_id:ann');
    const [ann] = ofAnn.report.people;
    expect(ann?.identifiers.map(({ type, value }) => `${type}:${value}`).sort()).toEqual([
      ...['anonymous_id:phone', 'anonymous_id:tablet', 'email:ann@example.com', 'user_id:ann'],
    ]);
    expect(ann?.merged).toMatchObject([
      {
        at: minute(1),
        eventCount: 1,
        identifiers: [{ value: 'ann' }, { value: 'ann@example.com' }, { value: 'tablet' }],
      },
    ]);
    expect(ann?.traits).toMatchObject([{ trait: 'email', value: 'ann@example.com', source: 'shop', isUsed: true }]);
    expect(ofAnn.json).not.toContain('bob');
    expect(ofAnn.report.sources).toMatchObject([{ source: 'shop', kind: 'server', traits: 1 }]);
    expect(ofAnn.report.retention.find(({ store }) => store === 'raw events')).toMatchObject({
      days: defaultRetention.rawRetention + 3,
    });
  });

  it('leaves out an identifier that somebody else has now, also of what merged in and of consent', async () => {
    const consent = { categoryPreferences: { analytics: true } };
    await sendTo(config)(table, eventOf({ anonymousId: 'phone', timestamp: minute(3), context: { consent } }));
    const before = await reportAbout('user_id:ann');
    expect(before.report.people[0]?.consent).toMatchObject([{ saidUnder: 'anonymous_id:phone' }]);
    await table.give('anonymous_id:phone', await profileOf('user_id:bob'));
    const { report, json } = await reportsInMemory(table, input).read(id);
    expect(report.people[0]).toMatchObject({ elsewhere: 1, consent: [{ category: 'analytics', saidUnder: null }] });
    expect(json).not.toContain('phone');
    expect(report.limits.join()).toContain('Identifiers that somebody else has now are left out');
  });

  it('tells apart what somebody said on a device of somebody else, which undoes no refusal of theirs', async () => {
    const said = (messageId: string, ads: boolean, more: object) =>
      eventOf({ userId: 'bob', messageId, context: { consent: { categoryPreferences: { ads } } }, ...more });
    await sendTo(config)(table, said('no', false, { timestamp: minute(3) }));
    await sendTo(config)(table, said('yes', true, { timestamp: minute(4), anonymousId: 'tablet' }));
    const { report } = await reportAbout('user_id:bob');
    expect(report.people[0]?.consent).toMatchObject([
      { saidUnder: 'user_id:bob', isGranted: false, isElsewhere: false },
      { saidUnder: 'user_id:bob', isGranted: true, isElsewhere: true },
    ]);
  });

  it('says so when the lake never ran, and when it cannot be asked', async () => {
    const never = await reportAbout('user_id:ann');
    expect(never.report.events).toMatchObject({ knownUntil: null, problem: null, rows: [] });
    expect(never.report.limits.join()).toContain('jobs have never run');
    const broken = await reportAbout('user_id:ann', input, async () => {
      throw new Error('no table events');
    });
    expect(broken.problem).toBe('Error: no table events');
    expect(broken.report.events.problem).toBe('the lake could not be asked');
    expect(broken.json).not.toContain('no table');
    expect(broken.report.limits.join()).toContain('EVENTS ARE MISSING');
    expect(broken.html).toContain('EVENTS ARE MISSING');
  });

  it('has the events and refused lines of the person, without the identifiers of others that they name', async () => {
    const bob = await profileOf('user_id:bob');
    const event = eventOf({
      ...{ userId: 'bob', anonymousId: 'tablet', properties: { price: 1, from: 'tablet', to: 'Tablet' } },
      context: { ip: '192.0.2.1', device: { id: 'tablet', type: 'ios' } },
    });
    const row = (line: object | string) => [
      '2026-05-01 10:00:00.000',
      'shop',
      'event',
      'is missing',
      JSON.stringify(line),
    ];
    const refused = [
      row({ userId: 'bob', anonymousId: 'tablet', type: 'track' }),
      row({ userId: 'ann', type: 'track' }),
      row({ anonymousId: 'tablet', context: 7 }),
      row({ userId: { not: 'a text' }, context: { externalIds: 7 } }),
      [null, null, null, null, 'no JSON of bob'],
    ];
    const { report, json } = await reportAbout('user_id:bob', input, lakeOf(new Map([[bob, [event]]]), refused));
    expect(report.events.rows).toMatchObject([
      {
        identifiers: ['user_id:bob'],
        properties: { price: 1, from: '[an identifier of somebody else]', to: 'Tablet' },
        context: { ip: '192.0.2.1', device: { id: '[an identifier of somebody else]' } },
      },
    ]);
    expect(report.events.refused).toMatchObject([{ sent: { userId: 'bob' }, field: 'event', source: 'shop' }]);
    expect(json).not.toMatch(/"tablet"|"ann"/);
  });

  it('asks the lake by ids of profiles and names nobody in a query', async () => {
    const asked: string[] = [];
    await reportAbout('user_id:ann', input, async (sql) => {
      asked.push(sql);
      return lakeOf(new Map([['p', [eventOf({})]]]))(sql);
    });
    expect(asked).toHaveLength(3);
    expect(asked[1]).toContain(await profileOf('user_id:ann'));
    expect(asked.join()).not.toMatch(/phone|tablet|'ann|example/);
    expect(asked[2]).toBe(refusedQuery);
  });

  it('has segments with their logic, what destinations were told, and purposes, and of an account only its name', async () => {
    const settings: CdpConfigInput = {
      ...input,
      purposes: [{ key: 'ads', name: 'Advertising', kind: 'advertising' }],
      segments: [
        { key: 'known', name: 'Known', where: trait('email').exists() },
        {
          key: 'of_pros',
          name: 'Of pros',
          where: {
            account: {
              all: [
                { trait: 'plan', operator: 'exists' },
                { trait: 'owner', operator: 'exists' },
              ],
            },
          },
        },
        { key: 'buyers', name: 'Buyers', where: did('Paid') },
      ],
      traits: [{ key: 'spent', compute: { kind: 'sum', event: 'Paid', property: 'amount' } }],
      destinations: [
        { id: 'crm', kind: 'webhook', segments: ['known'] },
        { id: 'ads', kind: 'webhook', segments: ['known'], uses: ['ads'] },
      ],
    };
    const send = sendTo(configOf(settings));
    const group = { type: 'group', groupId: 'acme', timestamp: minute(5), receivedAt: minute(5) };
    await send(table, eventOf({ ...group, userId: 'bob', traits: { plan: 'secret-plan', owner: 'bob-the-owner' } }));
    await send(table, eventOf({ ...group, userId: 'ann' }));
    await send(table, eventOf({ userId: 'ann', event: 'Paid', properties: { amount: 7 } }));
    await fileAndRun(officerInMemory(table, configOf(settings)), filing(1, 'access'), 'user_id:ann');
    const { memoriesOf, read } = reportsInMemory(table, settings);
    const told = {
      names: new Set(['userId:ann', 'email:ann@example.com', 'userId:bob']),
      since: minute(6),
      holders: [],
    };
    await memoriesOf('crm').segments.remember(await profileOf('user_id:ann'), 'known', told);
    const { report, json } = await read(id);
    expect(report.segments.map(({ segment }) => segment)).toEqual(['known', 'of_pros', 'buyers']);
    expect(report.segments[0]?.logic).toMatchObject([
      { part: '1', isTrue: true, values: [{ value: 'ann@example.com' }] },
    ]);
    expect(JSON.stringify(report.segments[1]?.logic)).toContain('"value":"acme"');
    expect(JSON.stringify(report.segments[2]?.logic)).toMatch(/did .*Paid/);
    expect(report.computedTraits).toMatchObject([
      { trait: 'spent', value: 7, rule: expect.stringMatching(/sum of amount/) },
    ]);
    expect(report.recipients).toMatchObject([
      {
        destination: 'crm',
        isWithheld: false,
        told: [{ since: minute(6), names: ['email:ann@example.com', 'userId:ann'] }],
      },
      { destination: 'ads', isWithheld: true, told: [] },
    ]);
    expect(report.purposes).toMatchObject([{ purpose: 'ads', usedBy: ['destination ads'] }]);
    expect(report.people[0]?.accounts).toMatchObject([{ account: 'acme' }]);
    expect(json).not.toMatch(/bob/);
    const valuesOfAccount = report.segments[1]?.logic.flatMap(({ values }) => values.map(({ value }) => value));
    expect(valuesOfAccount).toEqual(['acme']);
    expect(json).not.toContain('secret-plan');
  });
});
