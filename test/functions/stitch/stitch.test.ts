import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../../lambdas/core/events/event.ts';
import type { ProfileWrite, WriteOutcome } from '../../../lambdas/core/stitching/profile-write.ts';
import type { StitchDeps } from '../../../lambdas/functions/stitch/handler.ts';
import { kinesisEvent, recordOf } from '../../fakes/kinesis.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { stitchInMemory } from '../../fixtures/in-memory/stitch.ts';
import { numRuns } from '../../fixtures/laws.ts';

const config = configOf({
  segments: [{ key: 'pro', name: 'Pro', where: { trait: 'plan', operator: 'equals', value: 'pro' } }],
});

/** A stitch worker of this configuration; `overrides` are its faults. */
const worker = (table: MemoryTable, overrides: Partial<StitchDeps> = {}) =>
  stitchInMemory(table, { config, ...overrides });

const people = (table: MemoryTable) =>
  table
    .live()
    .map(({ identifiers, traits, eventCount, segments }) =>
      JSON.stringify([[...identifiers].sort(), [...traits].sort(), eventCount, [...segments.keys()]]),
    )
    .sort();

const identify = (userId: string, anonymousId: string, at: number, plan = 'free'): Event =>
  eventOf({
    type: 'identify',
    messageId: `${userId}-${anonymousId}-${at}`,
    userId,
    anonymousId,
    traits: { plan },
    timestamp: minute(at),
  });

/** Six people on nine devices in four records: links, merges and repeated people. */
const records = [
  [identify('u1', 'a1', 1), identify('u2', 'a2', 2)],
  [eventOf({ messageId: 'v3', anonymousId: 'a3' }), eventOf({ messageId: 'v4', anonymousId: 'a4' })],
  [identify('u3', 'a3', 3), identify('u3', 'a4', 4, 'pro'), identify('u1', 'a5', 5, 'pro')],
  [identify('u4', 'a6', 6), identify('u5', 'a7', 7), identify('u6', 'a8', 8), identify('u1', 'a9', 9)],
].map(recordOf);

/** The message id in the text of a quarantined event, which may be a text that is no event. */
const messageIdIn = (text: string): string | undefined => /"messageId":"([^"]+)"/.exec(text)?.[1];

describe('a stitch worker', () => {
  it('changes no profile when the same batch comes twice', async () => {
    const table = new MemoryTable();
    const { handler } = worker(table);
    expect(await handler(kinesisEvent(records))).toEqual({ batchItemFailures: [] });
    const [before, writes] = [people(table), table.writes];
    expect(await handler(kinesisEvent(records, 100))).toEqual({ batchItemFailures: [] });
    expect(people(table)).toEqual(before);
    expect(table.writes).toBe(writes);
  });

  it('killed at any write, before or after it took effect, ends as if it had not been', async () => {
    const calm = new MemoryTable();
    for (const record of records) await worker(calm).handler(kinesisEvent([record]));
    expect(people(calm)).toHaveLength(6);
    for (const tookEffect of [false, true]) {
      for (let victim = 1; victim <= calm.writes; victim++) {
        const table = new MemoryTable();
        let written = 0;
        const dying = async (write: ProfileWrite): Promise<WriteOutcome> => {
          if (++written < victim) return table.write(write);
          if (written === victim && tookEffect) await table.write(write);
          throw new Error('killed');
        };
        let deaths = 0;
        for (const record of records) {
          await worker(table, { write: dying })
            .handler(kinesisEvent([record]))
            .catch(() => deaths++);
          await worker(table).handler(kinesisEvent([record]));
        }
        expect(deaths).toBeGreaterThan(0);
        expect(people(table)).toEqual(people(calm));
      }
    }
  });

  it('races others for the same people and ends as if it had been alone', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const alone = new MemoryTable();
        await worker(alone).handler(kinesisEvent(records));
        const table = new MemoryTable();
        let contended = 0;
        const racing: Partial<StitchDeps> = {
          load: scheduler.scheduleFunction(table.load),
          write: scheduler.scheduleFunction(async (write) => {
            const outcome = await table.write(write);
            if (outcome.kind === 'contended') contended += 1;
            return outcome;
          }),
        };
        const answers = Promise.all(
          records.map((record, n) => worker(table, racing).handler(kinesisEvent([record], n))),
        );
        await scheduler.waitFor(answers);
        fc.pre(contended > 0);
        expect((await answers).flatMap(({ batchItemFailures }) => batchItemFailures)).toEqual([]);
        expect(people(table)).toEqual(people(alone));
      }),
      { numRuns: numRuns(100) },
    ));

  it('sends the stream back to the first record that is still contended, and no further', async () => {
    const table = new MemoryTable();
    let reads = 0;
    const { handler, counts, warnings } = worker(table, {
      load: async (ids) => {
        reads += 1;
        return table.load(ids);
      },
      write: async (write) =>
        write.sightings.some(({ event }) => event.userId === 'u3') ? { kind: 'contended' } : table.write(write),
    });
    const batch = kinesisEvent(records);
    const [, second] = batch.Records;
    expect(await handler(batch)).toEqual({ batchItemFailures: [{ itemIdentifier: second?.kinesis.sequenceNumber }] });
    expect(reads).toBe(8);
    expect(people(table)).toHaveLength(5);
    expect(counts).toEqual([{ contended: 4 }]);
    expect(warnings).toEqual([['contended beyond the last attempt', { events: 4, attempts: 8 }]]);
  });

  it('quarantines what can never be applied, event by event, and applies the rest', async () => {
    const table = new MemoryTable();
    const { handler, quarantined } = worker(table, {
      write: async (write) =>
        write.sightings.some(({ event }) => event.messageId === 'too-big')
          ? { kind: 'refused', reason: 'Item size has exceeded' }
          : table.write(write),
    });
    const texts = [
      `${JSON.stringify(eventOf({ userId: 'u1' }))}\n{"type":"track"\n${JSON.stringify({ type: 'track', event: 'x' })}\n`,
      recordOf([
        eventOf({ messageId: 'too-big', userId: 'u2' }),
        eventOf({ userId: 'u2' }),
        eventOf({ messageId: 'nobody', userId: 'null' }),
      ]),
    ];
    expect(await handler(kinesisEvent(texts))).toEqual({ batchItemFailures: [] });
    expect(table.live().map(({ eventCount }) => eventCount)).toEqual([1, 1]);
    expect(
      quarantined.map(({ stage, reason, event }) => ({ stage, reason, messageId: messageIdIn(event as string) })),
    ).toEqual([
      { stage: 'stitch', reason: 'not JSON; got 15 characters', messageId: undefined },
      { stage: 'stitch', reason: expect.stringContaining('messageId'), messageId: undefined },
      { stage: 'stitch', reason: 'names nobody: every identifier is missing or blocked', messageId: 'nobody' },
      { stage: 'stitch', reason: 'the profile table refuses it: Item size has exceeded', messageId: 'too-big' },
    ]);
  });

  describe('over a cap', () => {
    const tight = configOf({ identity: { caps: { identifiers: 2, merges: 100 } } });
    const first = eventOf({ messageId: 'first', userId: 'u1', anonymousId: 'a1' });
    const over = eventOf({ messageId: 'over', userId: 'u1', anonymousId: 'a2' });

    it('puts the event in quarantine and the decision in the identity log, and applies the rest', async () => {
      const table = new MemoryTable();
      const { handler, quarantined, logged, counts } = worker(table, { config: tight });
      expect(await handler(kinesisEvent([recordOf([first, over, eventOf({ userId: 'u1' })])]))).toEqual({
        batchItemFailures: [],
      });
      expect(table.live().map(({ eventCount }) => eventCount)).toEqual([2]);
      expect(quarantined).toMatchObject([
        { stage: 'stitch', reason: 'cap of 2 identifiers', event: expect.stringContaining('"messageId":"over"') },
      ]);
      const { timestamp, receivedAt: at } = over;
      const [profileId] = table.live().map((profile) => profile.profileId);
      expect(logged).toEqual([
        { kind: 'cap', rule: 'cap of 2 identifiers', profileId, messageId: 'over', timestamp, at },
      ]);
      expect(counts).toEqual([{ quarantined: 1 }, { capped: 1 }]);
    });

    it('fails the batch when the log does not take the decision, and quarantines nothing that is not in it', async () => {
      const { handler, quarantined } = worker(new MemoryTable(), {
        config: tight,
        append: async () => ({ ok: false, reason: 'failed', error: 'ServiceUnavailable' }),
      });
      await expect(handler(kinesisEvent([recordOf([first, over])]))).rejects.toThrow('ServiceUnavailable');
      expect(quarantined).toEqual([]);
    });
  });

  it('fails the batch when the quarantine does not take an event, so that it is not lost', () => {
    const { handler } = worker(new MemoryTable(), {
      quarantine: async () => ({ ok: false, reason: 'failed', error: 'ServiceUnavailable' }),
    });
    return expect(handler(kinesisEvent(['not json\n']))).rejects.toThrow('ServiceUnavailable');
  });

  it('merges, links and counts two people of 300 KB of traits each, and says how much they have no room for', async () => {
    const table = new MemoryTable();
    const { handler, quarantined, counts } = worker(table);
    const large = (userId: string, n: number) =>
      eventOf({
        type: 'identify',
        messageId: `${userId}-${n}`,
        userId,
        anonymousId: userId,
        timestamp: minute(n),
        traits: { [`t${n}`]: 'x'.repeat(29_000), [`s${n}`]: 'y'.repeat(7_000), plan: 'pro' },
      });
    for (const userId of ['u', 'v'])
      await handler(kinesisEvent([recordOf(Array.from({ length: 11 }, (_, n) => large(userId, n)))]));
    const merging = eventOf({ type: 'alias', messageId: 'both', userId: 'u', previousId: 'v', timestamp: minute(30) });
    await stitchInMemory(table, { config: configOf({ identity: { limits: {} } }) }).handler(
      kinesisEvent([recordOf([merging])]),
    );
    await handler(kinesisEvent([recordOf([eventOf({ messageId: 'later', anonymousId: 'v', timestamp: minute(31) })])]));
    const [person, ...others] = table.live();
    expect([quarantined, others, person?.eventCount, person?.identifiers.size, person?.segments.has('pro')]).toEqual([
      [],
      [],
      24,
      4,
      true,
    ]);
    expect(counts).toEqual([{ unkept: 17 }, { unkept: 17 }]);
    expect([...(person?.traits ?? [])].filter(([, { bytes }]) => bytes === 29_002)).toHaveLength(11);
    expect(
      [...(person?.traits ?? [])]
        .filter(([, { value }]) => value !== null)
        .map(([name]) => name)
        .sort(),
    ).toEqual(['plan', 's10', 's6', 's7', 's8', 's9']);
  });
});
