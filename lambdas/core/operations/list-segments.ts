import { caps, type Definitions, type Program, programOf } from '../segments/program/compile.ts';
import { reading } from '../segments/program/compiler.ts';
import { worstBytes } from '../segments/program/worst-bytes.ts';

/** A segment or a computed trait, and what it needs of each profile. */
export interface ListedDefinition {
  readonly key: string;
  readonly name: string;
  /** What may change it: events, traits, other segments and whatever else it reads. */
  readonly reads: readonly string[];
  /** Some may be shared with others. */
  readonly aggregates: number;
  /** Bytes of these aggregates in a profile, at most. */
  readonly bytes: number;
  /** Whether it may change by itself as time goes on; of segments only. */
  readonly isTimed?: boolean;
}

/** All that a deployment defines, and what a profile needs for it together. */
export interface ListedDefinitions {
  readonly segments: readonly ListedDefinition[];
  readonly traits: readonly ListedDefinition[];
  readonly aggregates: number;
  readonly bytes: number;
  readonly most: { readonly aggregates: number; readonly bytes: number };
}

/** Lists what a deployment defines. */
export function listSegments(definitions: Definitions): ListedDefinitions {
  const program = programOf(definitions);
  return {
    segments: definitions.segments.map(({ key, name }) => ({
      ...listed(key, name, program.segments.get(key)?.reads, program),
      isTimed: program.timed.has(key),
    })),
    traits: definitions.traits.map(({ key, name = key }) => listed(key, name, program.traits.get(key)?.reads, program)),
    aggregates: program.aggregates.size,
    bytes: program.worstBytes,
    most: caps,
  };
}

function listed(
  key: string,
  name: string,
  reads: ReadonlySet<string> = new Set(),
  { aggregates }: Program,
): ListedDefinition {
  const specs = [...aggregates.values()].filter(({ id }) => reads.has(reading.aggregate(id)));
  const events = specs.flatMap(({ first, second }) => [first.key, ...(second === undefined ? [] : [second.key])]);
  const others = [...reads].filter((read) => !read.startsWith(reading.aggregate('')));
  return {
    key,
    name,
    reads: [...new Set([...events.map(nameOfEvents), ...others])].sort(),
    aggregates: specs.length,
    bytes: specs.reduce((sum, spec) => sum + worstBytes(spec), 0),
  };
}

const nameOfEvents = (key: string): string => `event ${key.replace(/^track /, '')}`;
