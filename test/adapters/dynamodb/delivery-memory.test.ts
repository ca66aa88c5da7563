import { describe, expect, it } from 'vitest';
import { deliveryGate } from '../../../lambdas/adapters/dynamodb/delivery-gate.ts';
import { deliveryMemory } from '../../../lambdas/adapters/dynamodb/delivery-memory.ts';
import { closedBreaker } from '../../../lambdas/core/destinations/breaker.ts';
import { MemoryDynamoDb } from '../../fakes/memory-dynamodb.ts';

const at = 1_700_000_000_000;
function place() {
  const dynamo = new MemoryDynamoDb();
  let time = at;
  const of = (destination: string) => ({
    client: dynamo.client,
    tableName: 'profiles',
    destination,
    pause: async () => {},
    now: () => time,
  });
  const wait = (milliseconds: number): void => {
    time += milliseconds;
  };
  return { of, wait, rows: () => [...dynamo.rows('profiles').values()] };
}
const told = (...names: string[]) => ({ names: new Set(names), since: 't1' });

describe('the memory of what a destination was told', () => {
  it('knows nothing at first, adds names, and takes away those that left', async () => {
    const memory = deliveryMemory(place().of('crm'));
    expect(await memory.recall(['p1'], 'vip')).toBeUndefined();
    await memory.remember('p1', 'vip', told('userId:ann', 'email:a@x.org'));
    await memory.remember('p1', 'vip', { names: new Set(['userId:u1']), since: 't2' });
    await memory.forget(['p1'], 'vip', ['userId:ann']);
    expect(await memory.recall(['p1'], 'vip')).toEqual({
      names: new Set(['email:a@x.org', 'userId:u1']),
      since: 't2',
      left: new Set(['userId:ann']),
      holders: ['p1'],
    });
  });

  it('knows that a destination was told that somebody left, for a month', async () => {
    const { of, rows } = place();
    const memory = deliveryMemory(of('crm'));
    await memory.remember('p1', 'vip', told('userId:ann'));
    await memory.forget(['p1'], 'vip', ['userId:ann']);
    expect(await memory.recall(['p1'], 'vip')).toEqual({
      names: new Set(),
      since: 't1',
      left: new Set(['userId:ann']),
      holders: [],
    });
    expect(rows()).toMatchObject([{ expiresAt: at / 1_000 + 30 * 24 * 3_600 }]);
    await memory.remember('p1', 'vip', told('userId:ann'));
    expect(rows()[0]).not.toHaveProperty('expiresAt');
  });

  it('knows for five hours which names left, an hour longer than a message is retried', async () => {
    const { of, wait } = place();
    const memory = deliveryMemory(of('crm'));
    for (const id of ['p1', 'p2']) {
      await memory.remember(id, 'vip', told(`userId:${id}`));
      await memory.forget([id], 'vip', [`userId:${id}`]);
      wait(3 * 3_600_000);
    }
    expect((await memory.recall(['p1', 'p2'], 'vip'))?.left).toEqual(new Set(['userId:p2']));
    wait(2 * 3_600_000);
    expect(await memory.recall(['p1', 'p2'], 'vip')).not.toHaveProperty('left');
  });

  it('keeps people, segments and destinations apart, and joins what merged profiles were told', async () => {
    const { of, rows } = place();
    const memory = deliveryMemory(of('crm'));
    await memory.remember('p1', 'vip', told('userId:ann'));
    await memory.remember('p2', 'vip', told('anonymousId:a'));
    expect(await memory.recall(['p1'], 'new')).toBeUndefined();
    expect(await deliveryMemory(of('mail')).recall(['p1'], 'vip')).toBeUndefined();
    expect(await memory.recall(['p1', 'p2', 'p3'], 'vip')).toEqual({
      names: new Set(['userId:ann', 'anonymousId:a']),
      since: 't1',
      holders: ['p1', 'p2'],
    });
    expect(rows().map(({ pk, sk }) => [pk, sk])).toEqual([
      ['delivery#crm#p1', 'vip'],
      ['delivery#crm#p2', 'vip'],
    ]);
  });
});

describe('the gate of a destination', () => {
  it('knows nothing at first, and is written by whoever read it last', async () => {
    const { of } = place();
    const gate = deliveryGate(of('crm'));
    const unknown = { breaker: closedBreaker, breakerVersion: 0, pace: undefined, paceVersion: 0 };
    expect(await gate.read()).toEqual(unknown);
    const open = { recent: 'x', openings: 1, openUntil: 7 };
    expect(await gate.writeBreaker(open, 0)).toBe(true);
    expect(await gate.writeBreaker(closedBreaker, 0)).toBe(false);
    expect(await gate.writePace({ nextAt: 5 }, 0)).toBe(true);
    const known = await gate.read();
    expect(known).toMatchObject({ breaker: open, breakerVersion: 1, pace: { nextAt: 5 }, paceVersion: 1 });
    expect(await gate.writeBreaker({ recent: '', openings: 0 }, 1)).toBe(true);
    expect((await gate.read()).breaker).not.toHaveProperty('openUntil');
    expect(await deliveryGate(of('mail')).read()).toEqual(unknown);
  });
});
