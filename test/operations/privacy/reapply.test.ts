import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { unpackItem } from '../../../lambdas/adapters/dynamodb/packed-items.ts';
import type { Filing } from '../../../lambdas/core/privacy/request.ts';
import { parseProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import { eventOf, minute } from '../../fixtures/events.ts';
import { restorable } from '../../fixtures/in-memory/restorable.ts';
import { holds } from '../../fixtures/scan/decoded.ts';

type World = ReturnType<typeof restorable>;

const at = (n: number) => ({ timestamp: minute(n), receivedAt: minute(n) });
const say = (fields: Record<string, unknown>, n = 1) => eventOf({ type: 'identify', ...at(n), ...fields });
const ask = async ({ officer }: World, type: Filing['type'], who: string) => {
  const filing = { requestId: randomUUID(), type, regulation: 'gdpr' as const, submittedAt: minute(0) };
  await officer.file(filing, [who]);
  return officer.run(filing.requestId);
};

/** Live people of a table with what they are known by, and whether they are suppressed. */
const people = ({ rows }: World, table: string): string[] =>
  [...rows(table).values()]
    .flatMap((row) => {
      if (row.kind !== 'profile') return [];
      const item = parseProfileItem(unpackItem(row));
      if (item.kind !== 'profile') return [];
      const { identifiers, suppressed } = item.profile;
      return [`${[...identifiers.keys()].sort().join(' ')}${suppressed ? ', suppressed' : ''}`];
    })
    .sort();

/** What live people of a table consented to, when, and by which source. */
const consents = ({ rows }: World, table: string): string[] =>
  [...rows(table).values()]
    .flatMap((row) => {
      const item = row.kind === 'profile' ? parseProfileItem(unpackItem(row)) : undefined;
      if (item?.kind !== 'profile') return [];
      return [...item.profile.consent].map(
        ([key, { granted, timestamp, messageId, sourceId }]) =>
          `${key} ${granted} ${timestamp} ${messageId} ${sourceId}`,
      );
    })
    .sort();

/** Rows of a table that name one of these profiles. */
const rowsOf = ({ rows }: World, table: string, of: (row: Readonly<Record<string, unknown>>) => boolean) =>
  [...rows(table)].filter(([, row]) => of(row)).map(([key, row]) => [key, structuredClone(row)] as const);

/** Items of a table whose bytes name somebody, however they are packed. */
async function naming({ rows }: World, table: string, who: string): Promise<string[]> {
  const found: string[] = [];
  for (const [key, row] of rows(table))
    for (const value of Object.values(row)) {
      const bytes = value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(JSON.stringify(value));
      if (await holds(bytes, [who])) found.push(key);
    }
  return found;
}

/** Ann, who merged with her phone, and Bob, who used her tablet; a backup of them. */
async function backedUp(world = restorable()) {
  await world.send(eventOf({ anonymousId: 'phone', ...at(0) }));
  await world.send(say({ userId: 'ann', anonymousId: 'tablet', traits: { email: 'ann@example.com' } }));
  await world.send(say({ userId: 'ann', anonymousId: 'phone' }, 2));
  await world.send(say({ userId: 'bob', anonymousId: 'tablet' }, 3));
  world.backUp('restored');
  return world;
}

const annAndBob = ['anonymous_id:phone anonymous_id:tablet email:ann@example.com user_id:ann', 'user_id:bob'];

/** Of a deployment that tells a tool who has an e-mail address. */
const telling = {
  segments: [{ key: 'vip', name: 'Known', where: { trait: 'email', operator: 'exists' as const } }],
  destinations: [{ id: 'crm', kind: 'webhook' as const, segments: ['vip'] }],
};

afterEach(() => void vi.useRealTimers());

describe('a restored table', () => {
  it('cannot go live before who was erased since is taken out, and then goes live without her', async () => {
    const world = await backedUp();
    await ask(world, 'erasure', 'user_id:ann');
    expect(people(world, 'restored')).toEqual(annAndBob);
    expect(await naming(world, 'restored', 'ann@example.com')).not.toEqual([]);
    await expect(world.goLive('restored')).rejects.toThrow('npm run privacy -- reapply --table restored');
    const bobs = rowsOf(world, 'restored', (row) => row.kind === 'profile' && row.eventCount === 1);
    expect(bobs).toHaveLength(1);

    expect(await world.reapply('restored')).toEqual({ erased: 1, suppressed: 0, lifted: 0, optedOut: 0, barriers: 0 });
    expect(people(world, 'restored')).toEqual(['user_id:bob']);
    expect(rowsOf(world, 'restored', (row) => row.kind === 'tombstone')).toEqual([]);
    expect(rowsOf(world, 'restored', (row) => row.kind === 'profile')).toEqual(bobs);
    await expect(world.goLive('restored')).rejects.toThrow('the live table live has profiles');
    world.empty();
    await world.goLive('restored');
    expect(people(world, 'live')).toEqual(['user_id:bob']);
    expect(await naming(world, 'live', 'ann@example.com')).toEqual([]);
    const announced = bobs.map(([key, { log: _logged, ...row }]) => [key, row]);
    expect(rowsOf(world, 'live', (row) => row.kind === 'profile')).toEqual(announced);

    // What is replayed of her stays out, and what Bob does goes on; later events make somebody new.
    await world.send(say({ userId: 'ann' }, 2), say({ userId: 'bob' }, 4));
    expect(world.suppressed).toEqual(['shop']);
    const later = new Date(Date.now() + 1_000).toISOString();
    await world.send(eventOf({ userId: 'ann', timestamp: later, receivedAt: later }));
    expect(people(world, 'live')).toEqual(['user_id:ann', 'user_id:bob']);
  });

  it('is judged again when somebody asks after the list was applied, or while it is copied', async () => {
    const world = await backedUp();
    await world.reapply('restored');
    await ask(world, 'erasure', 'user_id:ann');
    world.empty();
    await expect(world.goLive('restored')).rejects.toThrow('after the list of barriers was applied to restored');
    await world.reapply('restored');
    await expect(world.goLive('restored', () => ask(world, 'suppress', 'user_id:bob'))).rejects.toThrow(
      'reapply --table live',
    );
    expect(await world.reapply('live')).toMatchObject({ erased: 0, suppressed: 1 });
    expect(people(world, 'live')).toEqual(['user_id:bob, suppressed']);
    expect(await world.relist()).toBe(5);
  });

  it('goes live after a crash in the middle', async () => {
    const world = await backedUp();
    await world.reapply('restored');
    world.empty(() => true);
    await expect(world.goLive('restored', () => Promise.reject(new Error('died')))).rejects.toThrow('died');
    await world.send(say({ userId: 'zoe' }));
    await world.goLive('restored');
    expect(people(world, 'live')).toEqual([...annAndBob, 'user_id:zoe']);
    await expect(world.goLive('restored')).rejects.toThrow('has profiles');
    await expect(world.goLive('live')).rejects.toThrow('is the live table');
  });

  it('ends the same when the process dies at any call of a table and the command is run again', async () => {
    let died = 0;
    for (let nth = 1, isOver = false; !isOver; nth++) {
      const world = await backedUp();
      await world.send(say({ userId: 'zoe' }));
      world.backUp('restored');
      await ask(world, 'erasure', 'user_id:ann');
      await ask(world, 'suppress', 'user_id:zoe');
      isOver = (await world.dyingAt(nth, () => world.reapply('restored'))) === 'ended';
      if (!isOver) died += 1;
      await world.reapply('restored');
      expect(people(world, 'restored')).toEqual(['user_id:bob', 'user_id:zoe, suppressed']);
      world.empty();
      await world.goLive('restored');
      await world.send(say({ userId: 'ann' }, 2), eventOf({ anonymousId: 'phone', ...at(2) }));
      expect(people(world, 'live')).toEqual(['user_id:bob', 'user_id:zoe, suppressed']);
      expect(rowsOf(world, 'live', (row) => row.kind === 'tombstone')).toEqual([]);
    }
    expect(died).toBeGreaterThan(20);
  });

  it('gets suppressions that were filed since, and loses those that were lifted', async () => {
    const world = await backedUp();
    await ask(world, 'suppress', 'user_id:bob');
    world.backUp('later');
    await ask(world, 'unsuppress', 'user_id:bob');
    await ask(world, 'suppress', 'user_id:ann');
    await world.reapply('later');
    const [ann = ''] = annAndBob;
    expect(people(world, 'later')).toEqual([`${ann}, suppressed`, 'user_id:bob']);
    expect(people(world, 'live')).toEqual(people(world, 'later'));
    await world.reapply('restored');
    expect(people(world, 'restored')).toEqual(people(world, 'live'));
    expect(await world.reapply('restored')).toEqual({ erased: 0, suppressed: 0, lifted: 0, optedOut: 0, barriers: 0 });
  });

  it('gives back what people opted out of since, as their events said it, and nobody else', async () => {
    const world = await backedUp();
    await ask(world, 'opt_out', 'email:ann@example.com');
    await ask(world, 'opt_out', 'user_id:bob');
    await ask(world, 'erasure', 'user_id:bob');
    const later = new Date(Date.now() + 1_000).toISOString();
    const bobAgain = eventOf({ userId: 'bob', timestamp: later, receivedAt: later });
    expect(consents(world, 'restored')).toEqual([]);
    expect(await world.reapply('restored')).toMatchObject({ erased: 1, optedOut: 1 });
    const [refused = ''] = consents(world, 'live');
    expect(refused).toMatch(/^sale_or_share\|email:ann@example.com false .*@privacy$/);
    expect(consents(world, 'restored')).toEqual([refused]);
    expect(await world.reapply('restored')).toMatchObject({ erased: 0, optedOut: 0 });
    // Who came back after an erasure has not opted out.
    await world.send(bobAgain);
    world.backUp('later');
    expect(await world.reapply('later')).toMatchObject({ optedOut: 0 });
    expect(consents(world, 'later')).toEqual([refused]);
  });

  it('does not go live without an opt-out that somebody files after the list was applied, or while it is copied', async () => {
    const world = await backedUp();
    await world.reapply('restored');
    await ask(world, 'opt_out', 'user_id:ann');
    world.empty();
    await expect(world.goLive('restored')).rejects.toThrow('after the list of barriers was applied to restored');
    expect(await world.reapply('restored')).toMatchObject({ optedOut: 1 });
    const filed = { requestId: randomUUID(), type: 'opt_out', regulation: 'gdpr', submittedAt: minute(0) } as const;
    await world.officer.file(filed, ['user_id:bob']);
    await expect(world.goLive('restored', () => ask(world, 'opt_out', 'user_id:ann'))).rejects.toThrow(
      'reapply --table live',
    );
  });

  it('leaves a later yes, and what nobody has begun', async () => {
    const world = await backedUp();
    await ask(world, 'opt_out', 'user_id:ann');
    const later = new Date(Date.now() + 1_000).toISOString();
    const consent = { categoryPreferences: { sale_or_share: true } };
    await world.send(eventOf({ userId: 'ann', context: { consent }, timestamp: later, receivedAt: later }));
    const filed = { requestId: randomUUID(), type: 'opt_out', regulation: 'gdpr', submittedAt: minute(0) } as const;
    await world.officer.file(filed, ['user_id:bob']);
    world.backUp('later');
    expect(await world.reapply('later')).toMatchObject({ optedOut: 0 });
    expect(consents(world, 'later')).toEqual(consents(world, 'live'));
  });

  it('keeps whoever came back after an erasure before the backup', async () => {
    const world = await backedUp();
    await ask(world, 'erasure', 'user_id:ann');
    const later = new Date(Date.now() + 1_000).toISOString();
    await world.send(eventOf({ userId: 'ann', timestamp: later, receivedAt: later }));
    world.backUp('later');
    expect(await world.reapply('later')).toMatchObject({ erased: 0, barriers: 0 });
    expect(people(world, 'later')).toEqual(['user_id:ann', 'user_id:bob']);
  });

  it('leaves a friend what somebody erased had later, and keeps the barrier beside it', async () => {
    const world = restorable();
    await world.send(say({ userId: 'bob', anonymousId: 'tablet' }));
    world.backUp('restored');
    world.empty(() => true);
    await world.send(say({ userId: 'ann', anonymousId: 'tablet' }));
    await ask(world, 'erasure', 'user_id:ann');
    expect(await world.reapply('restored')).toEqual({ erased: 0, suppressed: 0, lifted: 0, optedOut: 0, barriers: 2 });
    expect(people(world, 'restored')).toEqual(['anonymous_id:tablet user_id:bob']);
    world.empty();
    await world.goLive('restored');
    await world.send(say({ userId: 'ann' }, 2), eventOf({ anonymousId: 'tablet', ...at(2) }));
    expect(world.suppressed).toEqual(['shop', 'shop']);
  });

  it('loses the person by the list alone, where the live table is lost with its requests', async () => {
    const world = await backedUp();
    await ask(world, 'erasure', 'user_id:ann');
    world.empty(() => true);
    expect(await world.reapply('restored')).toMatchObject({ erased: 1 });
    expect(people(world, 'restored')).toEqual(['user_id:bob']);
    await world.goLive('restored');
    await world.send(say({ userId: 'ann' }, 2));
    expect(people(world, 'live')).toEqual(['user_id:bob']);
    expect(await world.relist()).toBe(4);
  });

  it('keeps the profile that destinations are still being told of, without a name', async () => {
    const world = await backedUp(restorable(telling));
    expect(await ask(world, 'erasure', 'user_id:ann')).toMatchObject({ state: 'waiting' });
    expect(await world.reapply('restored')).toMatchObject({ erased: 1 });
    expect(people(world, 'restored')).toEqual([`${annAndBob[0]}, suppressed`, 'user_id:bob']);
    expect(rowsOf(world, 'restored', (row) => row.sk === 'owner' && row.profileId !== undefined)).toHaveLength(1);
  });

  it('is judged again when an erasure ended meanwhile, which deletes nothing of it any more', async () => {
    const world = await backedUp(restorable(telling));
    const { requestId } = await ask(world, 'erasure', 'user_id:ann');
    await world.reapply('restored');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 3_600_000 });
    expect(await world.officer.run(requestId)).toHaveProperty('tableEmptiedAt');
    world.empty();
    await expect(world.goLive('restored')).rejects.toThrow('after the list of barriers was applied to restored');
    expect(await world.reapply('restored')).toMatchObject({ erased: 1 });
    await world.goLive('restored');
    expect(people(world, 'live')).toEqual(['user_id:bob']);
  });

  it('is judged again when it is a backup of one that was judged', async () => {
    const world = await backedUp();
    await world.reapply('restored');
    world.empty();
    await world.goLive('restored');
    world.backUp('later');
    await expect(world.goLive('later')).rejects.toThrow('later may have people who were erased');
    await world.reapply('live');
    world.backUp('latest');
    await expect(world.goLive('latest')).rejects.toThrow('latest may have people who were erased');
  });

  it('is not judged by a list that was lost', async () => {
    const world = await backedUp();
    await ask(world, 'erasure', 'user_id:ann');
    world.loseList();
    await expect(world.reapply('restored')).rejects.toThrow('make it again first, npm run privacy -- relist');
  });
});

describe('a list that is made again', () => {
  it('from a table that was restored in its place loses no erasure and no suppression', async () => {
    const world = await backedUp();
    await ask(world, 'suppress', 'user_id:bob');
    await ask(world, 'unsuppress', 'user_id:bob');
    world.backUp('later');
    await ask(world, 'erasure', 'user_id:ann');
    await ask(world, 'suppress', 'user_id:bob');
    world.empty(() => true);
    for (const [key, row] of world.rows('later')) world.rows('live').set(key, row);
    await expect(world.relist()).rejects.toThrow('the table lacks 1 suppressions of the list');
    expect(await world.reapply('live')).toMatchObject({ erased: 1, suppressed: 1 });
    expect(people(world, 'live')).toEqual(['user_id:bob, suppressed']);
    expect(await world.relist()).toBe(5);
  });
});
