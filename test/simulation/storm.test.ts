import { describe, expect, it } from 'vitest';
import { playHistory } from './histories/play-history.ts';
import { stormPlan } from './people/storm.ts';

/** 5,000 anonymous profiles, and 10,000 identifies that say they are 50 people, through four shards at once. */
const size = { people: 50, browsersEach: 100 };
const profilesMade = size.people * size.browsersEach;
/** Where it is stopped anyway. */
const smaller = { people: 20, browsersEach: 100 };

describe('a merge storm', () => {
  it('ends right where no limit binds, folds its merges into few transactions, and holds up no shard', async () => {
    const { violations, tally } = await playHistory(stormPlan(size, 'boundless'));
    expect(violations).toEqual([]);
    expect(tally.of('merges')).toBe(profilesMade - size.people);
    expect(tally.of('writes: transactions') - profilesMade).toBeLessThan(1000);
    expect(tally.totalOf('fault: batch delivered again')).toBe(0);
    expect(tally.totalOf('fault: records given up')).toBe(0);
  });

  it('is stopped by the default limits, and loses nothing', async () => {
    const { violations, tally } = await playHistory(stormPlan(smaller, 'default'));
    expect(violations).toEqual([]);
    expect(tally.of('merges')).toBeLessThanOrEqual(smaller.people * 5);
    expect(tally.totalOf('quarantined: ')).toBe(0);
  });

  it('is stopped by the breaker where the limits are raised; what it stops lies in quarantine', async () => {
    const { violations, tally } = await playHistory(stormPlan(smaller, 'breaker'));
    expect(violations).toEqual([]);
    expect(tally.of('merges')).toBe(smaller.people * 20);
    expect(tally.of('quarantined: cap or breaker')).toBeGreaterThan(0);
  });

  it('ends right although everything fails now and then', async () => {
    const rates = {
      crash: 0.001,
      throttled: 0.01,
      writesThrottled: 0.05,
      noAnswer: 0.01,
      partial: 0.05,
      delivery: 0.05,
    };
    const { violations, tally } = await playHistory(stormPlan({ people: 10, browsersEach: 100 }, 'boundless', rates));
    expect(violations).toEqual([]);
    expect(tally.totalOf('fault: crash')).toBeGreaterThan(0);
  });
});
