import { describe, expect, it } from 'vitest';
import { pauseAfter, Stalled, until } from '../../local/demo/until.ts';

const counting = (...counts: number[]) => {
  const left = [...counts];
  return async () => (left.length > 1 ? left.shift() : left[0]) ?? 0;
};

describe('waiting for a count', () => {
  it.each([
    { name: 'ends at once when it is there', counts: [5], seen: [5] },
    { name: 'goes on as long as it takes', counts: [0, 3, 5], seen: [0, 3, 5] },
    { name: 'is content with more', counts: [4, 7], seen: [4, 7] },
  ])('$name', async ({ counts, seen }) => {
    const progress: number[] = [];
    const reached = await until({
      what: 'people',
      wanted: 5,
      read: counting(...counts),
      onProgress: (count) => progress.push(count),
      interval: 1,
    });
    expect(progress).toEqual(seen);
    expect(reached).toBe(seen.at(-1));
  });

  it('gives up when nothing changes, and says how far it came', async () => {
    const waiting = until({ what: 'people', wanted: 5, read: counting(1, 4), patience: 20, interval: 1 });
    await expect(waiting).rejects.toThrow(new Stalled('people', 4, 5, 0.02));
  });
});

describe('the pause before the next read', () => {
  it.each([
    { name: 'lasts until the rest has come', took: 100, apart: 1000, gained: 500, missing: 150, pause: 300 },
    {
      name: 'is four reads where the rest takes longer',
      took: 100,
      apart: 1000,
      gained: 500,
      missing: 1000,
      pause: 400,
    },
    { name: 'is four reads where nothing came', took: 100, apart: 1000, gained: 0, missing: 10, pause: 400 },
    { name: 'is four reads where the count went back', took: 100, apart: 1000, gained: -5, missing: 10, pause: 400 },
    { name: 'is never less than the least', took: 10, apart: 1000, gained: 500, missing: 1, pause: 50 },
  ])('$name', ({ pause, ...look }) => {
    expect(pauseAfter(look, 50)).toBe(pause);
  });
});
