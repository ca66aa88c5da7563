import { describe, expect, it } from 'vitest';
import type { ToldTrait } from '../../../lambdas/core/destinations/told-traits.ts';
import { deadIn, isJoined, isOwnLast, tryId } from '../../../lambdas/core/destinations/trait-tries.ts';

const [dead, alive, mine] = [tryId(1_000, 'a'), tryId(50_000, 'b'), tryId(50_000, 'c')];
const now = 40_000;
const told = (...pending: string[]): ToldTrait => ({
  names: new Set(['userId:ann']),
  former: new Set(),
  last: { value: '5', occasion: 'message', news: 1 },
  pending: new Set(pending),
});

describe('tries to tell a computed trait', () => {
  it('are dead when no function can be at work on them, and messages never are', () => {
    expect(deadIn(told('message', dead, alive), now)).toEqual([dead]);
    expect(deadIn(told(tryId(now - 15_000, 'just')), now)).toEqual([]);
    expect(deadIn(told(tryId(now - 15_001, 'just')), now)).toHaveLength(1);
  });

  it.each([
    { pending: ['message', mine], joined: false },
    { pending: ['message', mine, 'another message'], joined: false },
    { pending: ['message', mine, dead], joined: false },
    { pending: ['message', mine, alive], joined: true },
  ])('are joined by another that may tell last: $pending', ({ pending, joined }) => {
    expect(isJoined([told(), told(...pending)], mine, [dead])).toBe(joined);
  });

  it.each([
    { pending: ['message'], own: true },
    { pending: ['message', dead], own: true },
    { pending: ['message', alive], own: false },
    { pending: ['message', dead, tryId(2_000, 'd')], own: false },
    { pending: ['message', 'another message'], own: false },
  ])('tell the same news again only if nothing else can have arrived: $pending', ({ pending, own }) => {
    expect(isOwnLast(told(...pending), ['message'], now)).toBe(own);
    expect(isOwnLast(told(...pending), ['another message'], now)).toBe(false);
  });
});
