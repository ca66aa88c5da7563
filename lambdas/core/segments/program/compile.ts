import { fingerprint } from '../../values/fingerprint.ts';
import type { ComputedTrait, SegmentDefinition } from '../language/definitions.ts';
import { type AggregateSpec, canonical } from './aggregate-spec.ts';
import { compileRule } from './compile-rule.ts';
import { type Compiler, computingOf, type Flaw, reading } from './compiler.ts';
import { cyclesIn, readThrough } from './cycles.ts';
import type { Compiled, Computing, Node } from './node.ts';
import { timedOf } from './timed.ts';
import { worstBytes } from './worst-bytes.ts';

/** What a deployment defines. */
export interface Definitions {
  readonly segments: readonly SegmentDefinition[];
  readonly traits: readonly ComputedTrait[];
}

/** Definitions as profiles are kept and asked by. */
export interface Program {
  /** Six characters that other definitions do not have. */
  readonly id: string;
  readonly aggregates: ReadonlyMap<string, AggregateSpec>;
  /** Key of an event → aggregates that may take it in. */
  readonly byEvent: ReadonlyMap<string, readonly AggregateSpec[]>;
  readonly segments: ReadonlyMap<string, Compiled<Node>>;
  readonly traits: ReadonlyMap<string, Compiled<Computing>>;
  /** What changed → segments that it may change. */
  readonly readers: ReadonlyMap<string, readonly string[]>;
  /** Segments that may flip without an event. */
  readonly timed: ReadonlySet<string>;
  /** Bytes of all aggregates of a profile, at most. */
  readonly worstBytes: number;
}

/**
 * What a profile has room for at worst; a usual person needs a tenth of it. A merged profile has it twice, and the
 * largest item is then still below the table's 400 KB.
 */
export const caps = { aggregates: 64, bytes: 48 * 1024 } as const;

/** Compiles definitions; what is wrong with them is told by its place in `segments` and `traits`. */
export function compile({ segments, traits }: Definitions): {
  readonly program: Program;
  readonly flaws: readonly Flaw[];
} {
  const aggregates = new Map<string, AggregateSpec>();
  const flaws: Flaw[] = [...repeated('segments', segments), ...repeated('traits', traits)];
  const known = new Map(traits.map((trait) => [trait.key, trait]));
  const compilerOf = (zone: Compiler['zone'] = 'UTC'): Compiler => ({
    zone,
    aggregates,
    flaws,
    reads: new Set(zoneReads(zone)),
    traits: known,
  });
  const computed = traits.map(({ key, zone, compute }, n) => {
    const compiler = compilerOf(zone);
    const rule = computingOf(compiler, compute, ['traits', n, 'compute']);
    return rule === undefined ? [] : [[key, { zone: compiler.zone, rule, reads: compiler.reads }] as const];
  });
  const rules = segments.map(({ key, zone, where }, n) => {
    const compiler = compilerOf(zone);
    const rule = compileRule(compiler, where, ['segments', n, 'where']);
    return [key, { zone: compiler.zone, rule, reads: compiler.reads }] as const;
  });
  flaws.push(...cyclesIn(rules), ...tooMuch(aggregates));
  const compiled = new Map(rules.map(([key, one]) => [key, { ...one, reads: readThrough(key, new Map(rules)) }]));
  const program = assembled(aggregates, compiled, new Map(computed.flat()));
  return { program: { ...program, id: fingerprint(canonical({ segments, traits })).slice(0, 6) }, flaws };
}

const zoneReads = (zone: Compiler['zone']): string[] => (typeof zone === 'string' ? [] : [reading.trait(zone.trait)]);

function assembled(
  aggregates: Program['aggregates'],
  segments: Program['segments'],
  traits: Program['traits'],
): Omit<Program, 'id'> {
  const specs = [...aggregates.values()];
  const pairs = specs.flatMap((spec) =>
    [...new Set([spec.first.key, ...(spec.second ? [spec.second.key] : [])])].map((key) => ({ key, spec })),
  );
  const byEvent = new Map(
    [...Map.groupBy(pairs, ({ key }) => key)].map(([key, of]) => [key, of.map(({ spec }) => spec)]),
  );
  const reads = [...segments].flatMap(([key, compiled]) => [...compiled.reads].map((read) => ({ key, read })));
  const readers = new Map(
    [...Map.groupBy(reads, ({ read }) => read)].map(([read, of]) => [read, of.map(({ key }) => key)]),
  );
  return {
    aggregates,
    byEvent,
    segments,
    traits,
    readers,
    timed: timedOf(segments),
    worstBytes: bytesOf(aggregates),
  };
}

const bytesOf = (aggregates: Program['aggregates']): number =>
  [...aggregates.values()].reduce((sum, spec) => sum + worstBytes(spec), 0);

function tooMuch(aggregates: Program['aggregates']): Flaw[] {
  const size = bytesOf(aggregates);
  const many = `must need at most ${caps.aggregates} aggregates, with the traits; got ${aggregates.size}`;
  const large = `must need at most ${caps.bytes} bytes of each profile, with the traits; got ${size} at worst`;
  return [...(aggregates.size > caps.aggregates ? [many] : []), ...(size > caps.bytes ? [large] : [])].map(
    (message) => ({
      path: ['segments'],
      message,
    }),
  );
}

const repeated = (list: 'segments' | 'traits', all: readonly { readonly key: string }[]): Flaw[] =>
  all.flatMap(({ key }, n) =>
    all.findIndex((other) => other.key === key) === n
      ? []
      : [{ path: [list, n, 'key'], message: `must be unique; got "${key}" again` }],
  );

/** Segments that may change when this did; what changed is named by `reading`. */
export const segmentsReading = ({ readers }: Program, changed: Iterable<string>): Set<string> =>
  new Set([...changed].flatMap((read) => readers.get(read) ?? []));

const programs = new WeakMap<Definitions['segments'], { readonly traits: unknown; readonly program: Program }>();

/**
 * The program of a deployment's definitions, which the configuration has checked; compiled once.
 * @throws Error when something is wrong with them
 */
export function programOf({ segments, traits }: Definitions): Program {
  const known = programs.get(segments);
  if (known?.traits === traits) return known.program;
  const { program, flaws } = compile({ segments, traits });
  if (flaws.length > 0) throw new Error(flaws.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  programs.set(segments, { traits, program });
  return program;
}
