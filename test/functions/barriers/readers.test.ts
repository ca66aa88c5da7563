import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../lambdas/core/config/config.ts';
import { limits } from '../../../lambdas/core/events/event.ts';
import { barredIn } from '../../fixtures/in-memory/barred.ts';
import { collectInMemory, post } from '../../fixtures/in-memory/collect.ts';
import { readers } from './readers.ts';

const { sources, identity } = parseConfig({ sources: [{ id: 'shop', kind: 'server', writeKey: 'a-write-key' }] });
const barriers = {
  'user_id:ann': { suppressed: true },
  'user_id:zoe': { erased: '2026-05-01T12:00:00.000Z' },
} as const;
const { deps: nobody } = barredIn({ sources, identity }, {});
const namesIn = (lines: readonly string[]): string[] =>
  ['ann', 'zoe', 'bob'].filter((name) => lines.some((line) => line.includes(name)));

describe.each(readers)('$name', ({ drops, read }) => {
  it('lets everybody through while nobody has a barrier', async () =>
    expect(namesIn(await read(nobody))).toEqual(['ann', 'zoe', 'bob']));

  it('keeps nothing of people who are erased or suppressed, and counts what it drops', async () => {
    const { deps, dropped } = barredIn({ sources, identity }, barriers);
    const kept = await read(deps);
    expect(namesIn(kept)).toEqual(['bob']);
    expect(dropped).toHaveLength(drops);
  });

  it('lets nobody through when barriers cannot be read', async () => {
    const none = () => Promise.reject(new Error('no list'));
    const fails = { ...nobody, barriers: none, byKeys: none };
    expect(namesIn(await read(fails).catch(() => []))).toEqual([]);
  });
});

describe('collect', () => {
  const { deps, dropped } = barredIn({ sources, identity }, barriers);
  const callOf = (userId: string) => ({ type: 'track', event: 'Visit', userId });

  it('answers like any other call, so that nobody learns who is kept out', async () => {
    const collect = collectInMemory({ barred: deps });
    expect(await collect.request(post('/v1/track', callOf('ann')))).toMatchObject({
      status: 200,
      body: { success: true },
    });
    expect(collect.writes).toEqual([]);
  });

  it('keeps nothing of a request that is refused as a whole', async () => {
    const collect = collectInMemory({ barred: deps });
    const batch = Array.from({ length: limits.batchEvents + 1 }, () => callOf('ann'));
    dropped.length = 0;
    expect(await collect.request(post('/v1/batch', { batch }))).toMatchObject({ status: 413 });
    expect([collect.quarantined(), dropped.length]).toEqual([[], batch.length]);
  });

  it('keeps nothing of what its events share when none of them may be kept', async () => {
    const collect = collectInMemory({ barred: deps });
    const context = ['ann@example.com'];
    expect(await collect.request(post('/v1/batch', { context, batch: [callOf('ann')] }))).toMatchObject({
      status: 200,
    });
    expect(collect.quarantined()).toEqual([]);
    await collect.request(post('/v1/batch', { context, batch: [callOf('ann'), callOf('bob')] }));
    expect(collect.quarantined()).toHaveLength(1);
  });

  it('tells clients to send again when barriers cannot be read', async () => {
    const barred = { ...deps, barriers: () => Promise.reject(new Error('no list')) };
    const collect = collectInMemory({ barred });
    expect(await collect.request(post('/v1/track', callOf('bob')))).toMatchObject({ status: 503 });
    expect(await collect.request(post('/v1/batch', 7))).toMatchObject({ status: 503 });
    expect(collect.writes).toEqual([]);
  });
});
