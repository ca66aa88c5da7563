import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Page, type Positioned, pageOf } from '../../../lambdas/core/values/paging.ts';

const places = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 30 });
const listOf = (names: readonly string[]): Positioned<string>[] => names.map((name) => [name, `item ${name}`]);

describe('a page', () => {
  it('is followed by the next until all items came once, in order, either way round', () =>
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 7 }), fc.boolean(), (names, limit, up) => {
        const ordered = up ? [...names].sort() : [...names].sort().reverse();
        const seen: string[] = [];
        let page: Page<string> = { items: [], next: undefined };
        do {
          page = pageOf(listOf(names), { limit, next: page.next }, up ? 'ascending' : 'descending');
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items.map(([place]) => place));
        } while (page.next !== undefined);
        expect(seen).toEqual(ordered);
      }),
    ));

  it('goes on at the right place when the item it was to begin with is gone, or others came', () => {
    const { next } = pageOf(listOf(['a', 'c', 'e']), { limit: 1 });
    expect(pageOf(listOf(['a', 'b', 'd', 'e']), { limit: 2, next }).items.map(([place]) => place)).toEqual(['d', 'e']);
  });
});
