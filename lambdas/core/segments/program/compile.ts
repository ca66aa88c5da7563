import { fingerprint } from '../../values/fingerprint.ts';
import { type ComputedTrait, collectionFor, type SegmentDefinition } from '../language/definitions.ts';
import { type AggregateSpec, canonical } from './aggregate-spec.ts';
import { compileConsent, compileRule } from './compile-rule.ts';
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

/** The programs of people and of accounts, and what is wrong with them. */
interface Compilation {
  readonly program: Program;
  readonly accounts: Program;
  readonly flaws: readonly Flaw[];
}

/** Compiles definitions; what is wrong with them is told by its place in `segments` and `traits`. */
export function compile(definitions: Definitions): Compilation {
  const { segments, traits } = definitions;
  const flaws: Flaw[] = [...repeated('segments', segments), ...repeated('traits', traits)];
  const [program, accounts] = (['users', 'accounts'] as const).map((of) => compileOf(definitions, of, flaws));
  return { program: program as Program, accounts: accounts as Program, flaws };
}

/** Definitions of people, or of accounts, with their places among all. */
function partOf<Its extends { readonly of?: SegmentDefinition['of'] }>(all: readonly Its[], of: Collection) {
  const placed = all.map((one, n) => ({ one, n }));
  return placed.filter(({ one }) => collectionFor(one) === of);
}

type Collection = ReturnType<typeof collectionFor>;

function compileOf({ segments, traits }: Definitions, of: Collection, flaws: Flaw[]): Program {
  const aggregates = new Map<string, AggregateSpec>();
  const parts = { segments: partOf(segments, of), traits: partOf(traits, of) };
  const keysOfOthers = (all: readonly { readonly key: string; readonly of?: SegmentDefinition['of'] }[]) =>
    new Set(all.filter((one) => collectionFor(one) !== of).map(({ key }) => key));
  const known = {
    traits: new Map(parts.traits.map(({ one }) => [one.key, one])),
    others: { segments: keysOfOthers(segments), traits: keysOfOthers(traits) },
  };
  const compilerOf = (zone: Compiler['zone'] = 'UTC'): Compiler => {
    const reads = new Set(zoneReads(zone));
    return { of, zone, aggregates, flaws, ...known, reads };
  };
  const computed = parts.traits.map(({ one: { key, zone, compute, allowed: needed }, n }) => {
    const compiler = compilerOf(zone);
    const rule = computingOf(compiler, compute, ['traits', n, 'compute']);
    const allowed = needed && compileConsent(compiler, needed, ['traits', n, 'allowed']);
    return rule === undefined ? [] : [[key, { zone: compiler.zone, rule, allowed, reads: compiler.reads }] as const];
  });
  const rules = parts.segments.map(({ one: { key, zone, where }, n }) => {
    const compiler = compilerOf(zone);
    const rule = compileRule(compiler, where, ['segments', n, 'where']);
    return [key, { zone: compiler.zone, rule, reads: compiler.reads, n }] as const;
  });
  flaws.push(...cyclesIn(rules), ...tooMuch(aggregates));
  const byKey = new Map(rules);
  const compiled = new Map(
    rules.map(([key, { zone, rule }]) => [key, { zone, rule, reads: readThrough(key, byKey) }] as const),
  );
  const defined = { segments: parts.segments.map(({ one }) => one), traits: parts.traits.map(({ one }) => one) };
  const id = fingerprint(canonical(defined)).slice(0, 6);
  return { id, ...assembled(aggregates, compiled, new Map(computed.flat())) };
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

/** Segments that may change when this did, each once; what changed is named by `reading`. */
export function segmentsReading({ readers }: Program, changed: readonly string[]): Iterable<string> {
  if (changed.length < 2) return readers.get(changed[0] ?? '') ?? [];
  return new Set(changed.flatMap((read) => readers.get(read) ?? []));
}

const programs = new WeakMap<
  Definitions['segments'],
  { readonly traits: unknown; readonly compilation: Compilation }
>();

/**
 * The program of a deployment's definitions of people, or of accounts, which the configuration has checked; compiled
 * once.
 * @throws Error when something is wrong with them
 */
export function programOf(definitions: Definitions, collection: Collection = 'users'): Program {
  const { program, accounts } = compilationOf(definitions);
  return collection === 'users' ? program : accounts;
}

function compilationOf({ segments, traits }: Definitions): Compilation {
  const known = programs.get(segments);
  if (known?.traits === traits) return known.compilation;
  const compilation = compile({ segments, traits });
  const { flaws } = compilation;
  if (flaws.length > 0) throw new Error(flaws.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  programs.set(segments, { traits, compilation });
  return compilation;
}
