import type { SegmentDefinition } from '../../lambdas/core/segments/language/definitions.ts';
import { did } from '../../lambdas/core/segments/language/events.ts';
import { all, trait } from '../../lambdas/core/segments/language/people.ts';
import type { Rule } from '../../lambdas/core/segments/language/rule.ts';

/** Events that people of the bench have, and ones that they never have. */
const had = ['Product Viewed', 'Product Added', 'Products Searched', 'Cart Viewed'] as const;
const aggregatesOfOthers = 40;

/**
 * So many segments: a few of them read what an event of the bench changes, one for each name; the others read events
 * and traits that others have, over forty aggregates.
 */
export const manySegments = (count: number): SegmentDefinition[] =>
  Array.from({ length: count }, (_, n) => ({ key: `segment_${n}`, name: `Segment ${n}`, where: ruleOf(n) }));

function ruleOf(n: number): Rule {
  const event = had[n];
  if (event !== undefined) return did(event).atLeast(3).within('30d');
  if (n % 2 === 0) return trait(`what_${n}_is`).atLeast(n);
  const other = did(`Something ${n % aggregatesOfOthers} Happened`)
    .atLeast(2)
    .within('7d');
  return all(other, trait('trait_0').equals(`what ${n} is`));
}
