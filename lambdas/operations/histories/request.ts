import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import { type AggregateRegistry, latestCut, registeredBetween } from '../../core/segments/history/registry.ts';
import { programOf } from '../../core/segments/program/compile.ts';
import { type Needs, needsOf } from '../../core/segments/program/needs.ts';
import type { StitchRules } from '../../core/stitching/batch/rules.ts';

/** Generations of aggregates: those after `from` up to `generation`. */
export interface Generations {
  readonly from: number;
  readonly generation: number;
}

/** What the job `histories` is asked for. */
export interface HistoryRequest extends Generations {
  /** The latest time at which one of the aggregates begins to count, ISO 8601. */
  readonly cut: string;
  /** What they read, by collection: of people, of accounts. */
  readonly needs: Readonly<Record<string, Needs>>;
}

/**
 * What these generations need of history; undefined if none of their aggregates is left.
 * @throws OperatorRefused when the definitions lack some of these aggregates
 */
export function requestOf(
  registry: AggregateRegistry,
  { from, generation }: Generations,
  rules: StitchRules,
): HistoryRequest | undefined {
  const wanted = registeredBetween(registry, from, generation);
  const cut = latestCut(wanted.values());
  if (cut === undefined) return undefined;
  const specs = (['users', 'accounts'] as const).map((collection) => {
    const all = [...programOf(rules, collection).aggregates.values()];
    return [collection, all.filter(({ id }) => wanted.has(id))] as const;
  });
  const known = new Set(specs.flatMap(([, some]) => some.map(({ id }) => id)));
  if (![...wanted.keys()].every((id) => known.has(id)))
    throw new OperatorRefused('refused', 'cdp.config.ts does not define all that is deployed; deploy it first');
  const needs = specs.flatMap(([collection, some]) =>
    some.length === 0 ? [] : [[collection, needsOf(some)] as const],
  );
  return { from, generation, cut, needs: Object.fromEntries(needs) };
}
