import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordOf, topicsWorld } from '../../fixtures/in-memory/topics.ts';
import { numRuns } from '../../fixtures/laws.ts';

const hour = 3_600_000;
const visit = (userId: string, more: object = {}) => ({ type: 'track', event: 'Visit', userId, ...more });

describe('a record of a topic', () => {
  it('becomes an event at the time of the record, with an id of its place', async () => {
    const { take, events } = topicsWorld();
    const at = Date.parse('2026-05-01T10:00:00Z');
    await take([recordOf(visit('ann'), { offset: 7, timestamp: at })], at + 1_000);
    await take([recordOf(visit('ann'), { offset: 8, timestamp: at })], at + 1_000);
    const [one, two] = events();
    expect(one).toMatchObject({
      ...{ userId: 'ann', timestamp: '2026-05-01T10:00:00.000Z', receivedAt: '2026-05-01T10:00:01.000Z' },
      ...{ sourceId: 'bus', type: 'track' },
    });
    expect(one?.messageId).not.toBe(two?.messageId);
  });

  it('has the id and the time that its columns say, if they are declared', async () => {
    const { take, events } = topicsWorld({
      ...{ key: ['id'], time: 'at', object: 'orders', rows: 'events', topic: 'orders' },
      mappings: [{ to: { type: 'track', event: 'Order', externalIds: [], userId: { '@path': '$.row.who' } } }],
    });
    const order = { id: 5, at: '2026-04-30T08:00:00Z', who: 'ann' };
    const topic = 'orders';
    await take([recordOf(order, { topic, offset: 1 }), recordOf(order, { topic, offset: 9, partition: 1 })]);
    expect(new Set(events().map(({ messageId, timestamp }) => `${messageId} ${timestamp}`)).size).toBe(1);
    expect(events()[0]).toMatchObject({ event: 'Order', timestamp: '2026-04-30T08:00:00.000Z' });
  });

  const now = Date.parse('2026-05-02T10:00:00Z');
  it.each([
    { name: 'no value', record: recordOf(null), reason: 'has no value' },
    { name: 'no text', record: { ...recordOf({}), value: '/w==' }, reason: 'is no text in UTF-8' },
    { name: 'no JSON', record: recordOf('{"a":'), reason: 'is no JSON object' },
    { name: 'a list', record: recordOf('[1]'), reason: 'is no JSON object' },
    { name: 'no timestamp', record: recordOf(visit('a'), { timestamp: -1 }), reason: 'has no timestamp' },
    {
      name: 'a timestamp of next week',
      record: recordOf(visit('a'), { timestamp: now + 7 * 24 * hour }),
      reason: 'has a timestamp that is more than a day ahead',
    },
    {
      name: 'nobody',
      record: recordOf({ type: 'track', event: 'Visit' }),
      reason: expect.stringContaining('identifier'),
    },
    { name: 'no event', record: recordOf({ type: 'track', userId: 'a' }), reason: expect.any(String) },
    {
      name: 'an event of the day after tomorrow',
      record: recordOf(visit('a', { timestamp: '2026-05-04T10:00:00Z' }), { timestamp: now }),
      reason: expect.stringContaining('more than a day'),
    },
  ])('with $name goes to quarantine with its place, and the others go on', async ({ record, reason }) => {
    const { take, events, quarantine } = topicsWorld();
    await take([recordOf(visit('before')), record, recordOf(visit('after'))], now);
    expect(events().map(({ userId }) => userId)).toEqual(['before', 'after']);
    expect(quarantine()).toMatchObject([
      { stage: 'import', sourceId: 'bus', reason, place: { file: 'visits-0', row: record.offset } },
    ]);
  });

  it('of a topic that nobody declared fails, so that nothing is lost', async () => {
    const { take, events } = topicsWorld();
    await expect(take([recordOf(visit('ann')), { ...recordOf(visit('ann')), topic: 'other' }])).rejects.toThrow(
      'source bus has no topic other',
    );
    expect(events()).toEqual([]);
  });
});

describe('a batch', () => {
  it.each(['stream', 'lake'] as const)(
    'fails when the %s does not take it, and is the same the next time',
    async (what) => {
      const world = topicsWorld();
      const batch = [recordOf(visit('ann')), recordOf('no'), recordOf(visit('bob'))];
      world.refuses.add(what);
      await expect(world.take(batch)).rejects.toThrow('rows were not taken');
      world.refuses.clear();
      await world.take(batch);
      expect(new Set(world.events().map(({ messageId }) => messageId)).size).toBe(2);
      expect(world.bad.size).toBe(1);
      expect(world.quarantine()).toHaveLength(1);
    },
  );

  it('tells how many records came, usable or not, once it took them', async () => {
    const world = topicsWorld();
    world.refuses.add('stream');
    await expect(world.take([recordOf(visit('ann'))])).rejects.toThrow();
    world.refuses.clear();
    await world.take([recordOf(visit('ann')), recordOf('no')]);
    expect(world.loads).toEqual([{ rows: 2 }]);
  });

  it('waits until the stream has room', async () => {
    const world = topicsWorld(undefined, 1_000);
    await world.take([recordOf(visit('ann')), recordOf(visit('bob'))]);
    await world.take([recordOf(visit('eve'))]);
    expect(world.waits).toEqual([0, 2_000]);
  });

  it('marks events as replayed from the age at which marks could end before their copies come', async () => {
    const world = topicsWorld();
    const now = Date.parse('2026-05-02T10:00:00Z');
    const aged = (offset: number, age: number) => recordOf(visit('ann'), { offset, timestamp: now - age });
    await world.take([aged(1, 20 * hour + 1), aged(2, 20 * hour), aged(3, 0)], now);
    expect(world.events().map(({ replayed }) => replayed)).toEqual(['import', undefined, undefined]);
  });
});

/** Somebody's visit or login, how long after the one before it, and how late it is read. */
const steps = fc
  .array(fc.record({ who: fc.nat(3), login: fc.boolean(), after: fc.nat(9 * hour), lag: fc.nat(19 * hour) }), {
    minLength: 3,
    maxLength: 25,
  })
  .map((all) => {
    let at = Date.parse('2026-05-01T00:00:00Z');
    return all.map(({ who, login, after, lag }, offset) => {
      at += after;
      const call = login ? { type: 'identify', userId: `u${who % 2}` } : { type: 'track', event: 'Visit' };
      return { record: recordOf({ ...call, anonymousId: `d${who}` }, { offset, timestamp: at }), readAt: at + lag };
    });
  });
/** From which record on Kafka gives them again, and how much later. */
const rewinds = fc.array(fc.tuple(fc.nat(24), fc.nat(6 * 24 * hour)), { maxLength: 6 });

it('records that Kafka gives again, at once or after days, change nothing', async () => {
  await fc.assert(
    fc.asyncProperty(steps, rewinds, async (all, again) => {
      const world = topicsWorld();
      let now = 0;
      for (const { record, readAt } of all) {
        now = Math.max(now, readAt);
        await world.take([record], now);
        await world.stitch();
      }
      const before = world.profiles();
      for (const [from, later] of again) {
        now += later;
        const records = all.slice(from % all.length).map(({ record }) => record);
        await world.take(records, now);
        await world.stitch();
      }
      expect(world.profiles()).toEqual(before);
    }),
    { numRuns: numRuns(400) },
  );
});
