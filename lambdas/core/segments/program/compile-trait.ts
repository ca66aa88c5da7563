import type { Comparison } from '../comparisons/comparison.ts';
import type { DateComparison, TraitRule } from '../language/rule.ts';
import { type Compiler, computingOf, flaw, reading, spanOf } from './compiler.ts';
import { type Node, nothing } from './node.ts';

type Path = readonly (string | number)[];

/** A comparison with a trait, which may be a computed one. */
export function compileTrait(compiler: Compiler, rule: TraitRule, path: Path): Node {
  const { trait: name, ...comparison } = rule;
  const computed = compiler.traits.get(name);
  if (computed !== undefined) return ofComputedTrait(compiler, computed, comparison, path);
  if (compiler.others.traits.has(name)) {
    flaw(compiler, [...path, 'trait'], computedOfOthers(compiler.of));
    return nothing;
  }
  for (const read of new Set([name, name.split('.')[0] ?? name])) compiler.reads.add(reading.trait(read));
  if (comparison.operator === 'during') return { kind: 'during', name, span: spanOf(compiler, comparison.window) };
  if (comparison.operator === 'inNext' || comparison.operator === 'anniversary')
    return { kind: 'date', name, comparison };
  return { kind: 'trait', name, comparison };
}

const computedOfOthers = (asked: Compiler['of']): string =>
  asked === 'account'
    ? 'must not be a computed trait of accounts, which changes with each event; ask whether the account is in a segment'
    : `must not be a computed trait of ${asked === 'users' ? 'accounts' : 'people'}`;

type ComputedTrait = NonNullable<ReturnType<Compiler['traits']['get']>>;

function ofComputedTrait(
  compiler: Compiler,
  computed: ComputedTrait,
  comparison: Comparison | DateComparison,
  path: Path,
): Node {
  const { operator } = comparison;
  if (operator === 'during' || operator === 'inNext' || operator === 'anniversary') {
    flaw(
      compiler,
      [...path, 'trait'],
      'must not be a computed trait where the time counts; didFirst and didLast say it',
    );
    return nothing;
  }
  const zone = computed.zone ?? 'UTC';
  if (typeof zone !== 'string') compiler.reads.add(reading.trait(zone.trait));
  const computing = computingOf({ ...compiler, zone }, computed.compute, path);
  return computing === undefined ? nothing : { kind: 'computed', computing, comparison, zone };
}
