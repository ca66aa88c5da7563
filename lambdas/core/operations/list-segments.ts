import { collectionFor } from '../segments/language/definitions.ts';
import { caps, type Definitions, type Program, programOf } from '../segments/program/compile.ts';
import { reading } from '../segments/program/compiler.ts';
import { worstBytes } from '../segments/program/worst-bytes.ts';

/** A segment or a computed trait, and what it needs of each profile. */
export interface ListedDefinition {
  readonly key: string;
  readonly name: string;
  /** Of definitions that are about accounts. */
  readonly of?: 'accounts';
  /** What may change it: events, traits, other segments and whatever else it reads. */
  readonly reads: readonly string[];
  /** Some may be shared with others. */
  readonly aggregates: number;
  /** Bytes of these aggregates in a profile, at most. */
  readonly bytes: number;
  /** Whether it may change by itself as time goes on; of segments only. */
  readonly isTimed?: boolean;
}

/** All that a deployment defines, and what a profile needs for it together: that of a person or of an account. */
export interface ListedDefinitions {
  readonly segments: readonly ListedDefinition[];
  readonly traits: readonly ListedDefinition[];
  readonly aggregates: number;
  readonly bytes: number;
  readonly most: { readonly aggregates: number; readonly bytes: number };
}

/** Lists what a deployment defines. */
export function listSegments(definitions: Definitions): ListedDefinitions {
  const programs = (['users', 'accounts'] as const).map((of) => programOf(definitions, of));
  const programFor = (definition: Definitions['traits'][number] | Definitions['segments'][number]): Program =>
    programOf(definitions, collectionFor(definition));
  return {
    segments: definitions.segments.map((segment) => {
      const program = programFor(segment);
      const { reads } = program.segments.get(segment.key) ?? {};
      return { ...listed(segment, reads, program), isTimed: program.timed.has(segment.key) };
    }),
    traits: definitions.traits.map((trait) => {
      const program = programFor(trait);
      return listed(trait, program.traits.get(trait.key)?.reads, program);
    }),
    aggregates: Math.max(...programs.map(({ aggregates }) => aggregates.size)),
    bytes: Math.max(...programs.map(({ worstBytes }) => worstBytes)),
    most: caps,
  };
}

function listed(
  { key, name = key, of }: Pick<Definitions['traits'][number], 'key' | 'name' | 'of'>,
  reads: ReadonlySet<string> = new Set(),
  { aggregates }: Program,
): ListedDefinition {
  const specs = [...aggregates.values()].filter(({ id }) => reads.has(reading.aggregate(id)));
  const events = specs.flatMap(({ first, second }) => [first.key, ...(second === undefined ? [] : [second.key])]);
  const others = [...reads].filter((read) => !read.startsWith(reading.aggregate('')));
  return {
    key,
    name,
    ...(of === 'accounts' && { of }),
    reads: [...new Set([...events.map(nameOfEvents), ...others])].sort(),
    aggregates: specs.length,
    bytes: specs.reduce((sum, spec) => sum + worstBytes(spec), 0),
  };
}

const nameOfEvents = (key: string): string => `event ${key.replace(/^track /, '')}`;
