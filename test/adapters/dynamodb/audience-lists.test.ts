import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audienceLists } from '../../../lambdas/adapters/dynamodb/audience-lists.ts';
import { MemoryDynamoDb } from '../../fakes/memory-dynamodb.ts';
import { numRuns } from '../../fixtures/laws.ts';

const pause = async () => {};
const listsOf = (table: MemoryDynamoDb, now: () => number = () => 0, destinationId = 'ads') =>
  audienceLists({ client: table.client, tableName: 'profiles', destinationId, pause, now });

describe('lists of a destination', () => {
  it('are made by the first who claims them, and found by all', async () => {
    const table = new MemoryDynamoDb();
    const [one, two] = [listsOf(table), listsOf(table)];
    expect(await one.find('vips')).toBeUndefined();
    expect([await one.claim('vips'), await two.claim('vips')]).toEqual([true, false]);
    expect(await one.record('vips', 'list-1')).toBe('list-1');
    expect([await two.find('vips'), await two.claim('vips')]).toEqual(['list-1', false]);
    expect(await listsOf(table, () => 0, 'others').find('vips')).toBeUndefined();
    expect([...table.rows('profiles').keys()].join()).toContain('delivery#ads#lists');
  });

  it('may be claimed again once nobody can be making them any more, and the first that is recorded counts', async () => {
    let now = 0;
    const table = new MemoryDynamoDb();
    const lists = listsOf(table, () => now);
    await lists.claim('vips');
    const claims = [];
    for (now of [60_000, 60_001]) claims.push(await lists.claim('vips'));
    expect(claims).toEqual([false, true]);
    expect([await lists.record('vips', 'second'), await lists.record('vips', 'first')]).toEqual(['second', 'second']);
  });

  it('are one list, however many functions make it at once', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 6 }), async (scheduler, workers) => {
        const table = new MemoryDynamoDb();
        const { send } = table.client;
        const client = { send: scheduler.scheduleFunction(async (command: never) => send(command)) };
        const made: string[] = [];
        const make = async (n: number): Promise<string | undefined> => {
          const lists = audienceLists({
            client: client as never,
            tableName: 'profiles',
            destinationId: 'ads',
            pause,
            now: () => 0,
          });
          const found = await lists.find('vips');
          if (found !== undefined || !(await lists.claim('vips'))) return found;
          made.push(`list-${n}`);
          return lists.record('vips', `list-${n}`);
        };
        const results = Promise.all(Array.from({ length: workers }, (_, n) => make(n)));
        const ids = (await scheduler.waitFor(results)).filter((id) => id !== undefined);
        expect(made).toHaveLength(1);
        expect(new Set([...ids, ...made])).toEqual(new Set(made));
      }),
      { numRuns: numRuns(400) },
    ));
});
