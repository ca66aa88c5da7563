import { type AggregateRegistry, firstRegistry } from '../../lambdas/core/segments/history/registry.ts';
import { type Definitions, programOf } from '../../lambdas/core/segments/program/compile.ts';

/** A reader of the registry of a deployment that never added an aggregate. */
export const everyAggregate = (definitions: Definitions): (() => Promise<AggregateRegistry>) => {
  const registry = firstRegistry(programOf(definitions).aggregates.keys());
  return async () => registry;
};
