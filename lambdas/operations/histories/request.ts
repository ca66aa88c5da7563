import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import {
  type AggregateRegistry,
  aggregatesOf,
  latestCut,
  programsOf,
  registeredBetween,
  registryFor,
} from '../../core/segments/history/registry.ts';
import type { AggregateSpec } from '../../core/segments/program/aggregate-spec.ts';
import { type Definitions, type Program, programOf } from '../../core/segments/program/compile.ts';
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
 * Profiles that are decided by other definitions than the deployed ones lose what they keep of aggregates that these
 * lack, which no history has again, and exit segments that are not theirs.
 * @throws OperatorRefused when the deployment decides with other definitions
 */
export function mustBeDeployed({ aggregates, programs }: AggregateRegistry, rules: Definitions): void {
  const defined = new Set(aggregatesOf(rules));
  const isAll = [...aggregates.keys()].every((id) => defined.has(id));
  if (isAll && (programs === undefined || programs.join() === programsOf(rules).join())) return;
  throw new OperatorRefused(
    'refused',
    'cdp.config.ts does not define the segments and computed traits that are deployed; deploy it first, or wait for the end of its deployment',
  );
}

/** What these generations need of history, if all is defined that they count; undefined if nothing of them is left. */
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
  [...ids].flatMap((id) => aggregates.get(id) ?? []);
