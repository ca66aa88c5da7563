import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventFault } from '../../lambdas/core/events/event-fault.ts';
import { standingOf } from '../../lambdas/operations/histories/standing.ts';
import { minute } from '../fixtures/events.ts';
import { numRuns } from '../fixtures/laws.ts';
import {
  acts,
  after,
  always,
  before,
  changed,
  eventsOf,
  frozen,
  membersOf,
  type Platform,
} from './changing-platform.ts';

describe('histories of new definitions', () => {
  it('make members exactly whom all events make members, whatever happens while they are brought', () =>
    fc.assert(
      fc.asyncProperty(acts, fc.nat(12), fc.option(fc.nat(3)), async (all, dies, budget) => {
        const events = eventsOf(all);
        const platform = await changed(events);
        platform.left = dies;
        await platform.apply(after).catch(() => undefined);
        platform.left = Number.POSITIVE_INFINITY;
        const late = events.filter(({ receivedAt }) => receivedAt > minute(frozen));
        for (const event of late.slice(0, late.length / 2)) await platform.stitch(event, after);
        const asked = budget === null ? {} : { mostEntries: budget + 1 };
        let account = await platform.apply(after, asked);
        for (let n = 0; account.stopped && n < 50; n++) account = await platform.apply(after, asked);
        for (const event of late.slice(late.length / 2)) await platform.stitch(event, after);
        expect([account.stopped, [...account.waiting]]).toEqual([false, []]);
        expect(await platform.apply(after)).toMatchObject({ written: 0, outdated: 0 });
        const oracle = await always(events);
        oracle.now = platform.now;
        await oracle.apply(after);
        expect(membersOf(platform)).toEqual(membersOf(oracle));
        expect(new Set(platform.announced).size).toBe(platform.announced.length);
      }),
      { numRuns: numRuns(300) },
    ));

  it('are told beforehand, and nothing is written', () =>
    fc.assert(
      fc.asyncProperty(acts, async (all) => {
        const platform = await changed(eventsOf(all));
        const { writes } = platform.table;
        const dry = await platform.apply(after, { isDry: true });
        expect([platform.table.writes, dry.written]).toEqual([writes, 0]);
        const real = await platform.apply(after);
        expect([entriesIn(dry), dry.people]).toEqual([entriesIn(real), real.people]);
      }),
      { numRuns: numRuns(200) },
    ));

  const bought = (at: number) => ({ at, person: 0, device: 0, does: 'Bought' as const });

  it('are not taken from files that are cut short', async () => {
    const platform = await changed(eventsOf([bought(1), { ...bought(2), person: 1 }]));
    await platform.apply(after, { isDry: true });
    platform.files.set('lines', (platform.files.get('lines') as string[]).slice(0, 1));
    await expect(platform.apply(after)).rejects.toThrow('has 2 people, but its files have 1');
  });

  it('of somebody who is several profiles leave these undecided, and say so', async () => {
    const platform = await changed(eventsOf([bought(1), { ...bought(2), device: 1 }]));
    await platform.apply(after, { isDry: true });
    const [one = '', other = ''] = platform.files.get('lines') as string[];
    const identifiers = ['anonymous_id:a0-0', 'anonymous_id:a0-1'];
    const events = [one, other].flatMap((line) => JSON.parse(line).events);
    platform.files.set('lines', [JSON.stringify({ profileId: 'both', identifiers, events })]);
    platform.files.set(
      'generation-1-from-0-1 manifest',
      Object.assign(platform.files.get('generation-1-from-0-1 manifest') as object, { people: 1 }),
    );
    const account = await platform.apply(after);
    expect([...account.waiting]).toEqual([['its history could not be brought', 2]]);
    expect(platform.table.live().map(({ segments }) => segments.size)).toEqual([0, 0]);
  });

  it('of somebody whose profile cannot be read leave them undecided, and nobody else', async () => {
    const people = [0, 1].flatMap((person) => [1, 2].map((at) => ({ ...bought(at), person })));
    const platform = await changed(eventsOf([...people, { ...bought(3), device: 1 }]));
    await platform.apply(after, { isDry: true });
    const lines = (platform.files.get('lines') as string[]).map((line) => JSON.parse(line));
    const [broken, other] = ['anonymous_id:a0-0', 'anonymous_id:a0-1'];
    for (const line of lines) if (line.identifiers.includes(other)) line.identifiers = [broken, other];
    platform.files.set(
      'lines',
      lines.map((line) => JSON.stringify(line)),
    );
    const { load } = platform.table;
    platform.table.load = async (names) => {
      const wanted = [...names];
      if (wanted.some((name) => name.includes(broken))) throw new EventFault(new Error('damaged'));
      return load(wanted);
    };
    const account = await platform.apply(after);
    expect([...account.waiting]).toEqual([['its history could not be brought', 1]]);
    expect(membersOf(platform)).toContain('buyers: anonymous_id:a1-0');
  });

  it('are waited for until they were brought', async () => {
    const platform = await changed(eventsOf([bought(1)]));
    const waiting = () => standingOf(after, platform.registry)?.waiting.segments;
    expect(waiting()).toEqual(['buyers', 'quiet']);
    await platform.apply(after);
    expect(waiting()).toEqual([]);
    expect(standingOf(after, undefined)).toBe(undefined);
  });

  it('need definitions that are those that are deployed', async () => {
    const platform = await changed(eventsOf([bought(1)]));
    const refusal = 'cdp.config.ts does not define the segments';
    await expect(platform.apply(before)).rejects.toThrow(refusal);
    await platform.apply(after);
    const kept = platform.table.live();
    // All have their history now, so there is nothing to gather; what they keep would be lost all the same.
    await expect(platform.apply(before)).rejects.toThrow(refusal);
    expect(platform.table.live()).toEqual(kept);
  });

  it('are gathered again where the files of a run are a week old, and where nobody lacks any not at all', async () => {
    const platform = await changed(eventsOf([bought(1)]));
    await platform.apply(after, { isDry: true });
    platform.now += 8 * 86_400_000;
    platform.frozenAt = platform.now;
    await platform.apply(after);
    const runs = [...platform.files.keys()].filter((key) => key.endsWith('manifest'));
    expect(runs).toEqual(['generation-1-from-0-1 manifest', 'generation-1-from-0-2 manifest']);
    await platform.apply(after);
    expect([platform.files.size, platform.registry.complete, platform.registry.frozen]).toEqual([
      ...[runs.length + 4, 1, undefined],
    ]);
  });
});

const entriesIn = ({ segments }: Awaited<ReturnType<Platform['apply']>>) =>
  [...segments].map(([key, { members, entered, exited }]) => [key, members, entered, exited]);
