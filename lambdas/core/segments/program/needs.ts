import type { AggregateSpec } from './aggregate-spec.ts';

/** What aggregates read of events: the types and names of these, and names within their fields and their context. */
export interface Needs {
  /** A name is null where any name counts. */
  readonly events: readonly (readonly [type: string, name: string | null])[];
  /** Names within properties, or within the traits of an identify or a group. */
  readonly fields: readonly string[];
  readonly context: readonly string[];
}

/** What these aggregates need of events, in an order that depends on nothing but what they need. */
export function needsOf(specs: Iterable<AggregateSpec>): Needs {
  const all = [...specs];
  const selections = all.flatMap(({ first, second }) => (second ? [first, second] : [first]));
  const filters = selections.flatMap(({ where }) => where);
  return {
    events: inOrder(selections.map(({ key }) => key)).map(partsOf),
    fields: inOrder([
      ...all.flatMap(({ taken }) => (taken ? [taken.property] : [])),
      ...filters.flatMap((filter) => ('property' in filter ? [filter.property] : [])),
    ]),
    context: inOrder(filters.flatMap((filter) => ('context' in filter ? [filter.context] : []))),
  };
}

const inOrder = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** The type and the name in a key of events. */
function partsOf(key: string): [string, string | null] {
  const end = key.indexOf(' ');
  return end < 0 ? [key, null] : [key.slice(0, end), key.slice(end + 1)];
}
