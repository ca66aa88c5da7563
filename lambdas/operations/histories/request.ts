import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import {
  type AggregateRegistry,
  latestCut,
  registeredBetween,
  registryFor,
} from '../../core/segments/history/registry.ts';
import type { AggregateSpec } from '../../core/segments/program/aggregate-spec.ts';
import { type Program, programOf } from '../../core/segments/program/compile.ts';
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
  const cut = latestCut(registeredBetween(registry, from, generation).values());
  if (cut === undefined) return undefined;
  const needs = (['users', 'accounts'] as const).flatMap((collection) => {
    const wanted = registeredBetween(registryFor(registry, collection), from, generation);
    const specs = specsOf(programOf(rules, collection), wanted.keys());
    return specs.length === 0 ? [] : [[collection, needsOf(specs)] as const];
  });
  return { from, generation, cut, needs: Object.fromEntries(needs) };
}

const specsOf = ({ aggregates }: Program, ids: Iterable<string>): AggregateSpec[] =>
  [...ids].map((id) => {
    const spec = aggregates.get(id);
    if (spec !== undefined) return spec;
    throw new OperatorRefused('refused', 'cdp.config.ts does not define all that is deployed; deploy it first');
  });
