import { beginningOfDate } from '../comparisons/zone.ts';
import type { Computation } from '../language/computation.ts';
import type { Zone } from '../language/definitions.ts';
import type { EventMatch } from '../language/event-match.ts';
import { millisecondsIn, type Window } from '../language/window.ts';
import { type AggregateSpec, keyOf, type Selection, specOf } from './aggregate-spec.ts';
import { shapeOfComputation } from './choose-aggregate.ts';
import type { Computing, Span } from './node.ts';

type Path = readonly (string | number)[];

/** What is wrong with a definition, and where. */
export interface Flaw {
  readonly path: Path;
  readonly message: string;
}

/** Who is asked: a profile, or within `account(…)` one of a person's accounts. */
type Asked = 'users' | 'accounts' | 'account';

/** What the compilation of one definition gathers. */
export interface Compiler {
  readonly of: Asked;
  readonly zone: Zone;
  readonly aggregates: Map<string, AggregateSpec>;
  readonly flaws: Flaw[];
  readonly reads: Set<string>;
  /** Computed traits, by key. */
  readonly traits: ReadonlyMap<string, { readonly compute: Computation; readonly zone?: Zone | undefined }>;
  /** Keys of what is defined of the others: of people where accounts are asked, and the reverse. */
  readonly others: { readonly segments: ReadonlySet<string>; readonly traits: ReadonlySet<string> };
}

/** What a definition reads. */
export const reading = {
  aggregate: (id: string): string => `aggregate ${id}`,
  trait: (name: string): string => `trait ${name}`,
  consent: 'consent',
  identifiers: 'identifiers',
  accounts: 'accounts',
  ofAccount: (read: string): string => `account ${read}`,
  since: 'since',
  profileId: 'profileId',
  segment: (key: string): string => `segment ${key}`,
} as const;

/** Notes what is wrong. */
export const flaw = ({ flaws }: Compiler, path: Path, message: string): void => void flaws.push({ path, message });

/** Puts an aggregate among those that the definition reads. */
export function aggregateOf(compiler: Compiler, spec: Omit<AggregateSpec, 'id'>): string {
  const whole = specOf(spec);
  compiler.aggregates.set(whole.id, whole);
  compiler.reads.add(reading.aggregate(whole.id));
  return whole.id;
}

const ever = Number.POSITIVE_INFINITY;

/** A window in milliseconds; dates begin in the definition's zone. */
export function spanOf({ zone }: Compiler, window: Window | undefined): Span {
  const name = typeof zone === 'string' ? zone : zone.default;
  const instant = (text: string | undefined, otherwise: number): number =>
    text === undefined
      ? otherwise
      : ((text.length === 10 ? beginningOfDate(text, name) : Date.parse(text)) ?? otherwise);
  if (window === undefined) return { kind: 'ever' };
  if ('within' in window) return { kind: 'ages', from: 0, to: millisecondsIn(window.within) };
  if ('olderThan' in window) return { kind: 'ages', from: millisecondsIn(window.olderThan), to: ever };
  if ('between' in window)
    return { kind: 'ages', from: millisecondsIn(window.between[0]), to: millisecondsIn(window.between[1]) };
  if (!('calendar' in window))
    return { kind: 'dates', from: instant(window.from, -ever), to: instant(window.to, ever) };
  return { kind: 'calendar', unit: window.calendar, last: window.last };
}

const finite = (at: number): number | undefined => (Number.isFinite(at) ? at : undefined);

/** Events that match, of a fixed time where the window is one. */
export const selectionOf = (match: EventMatch, span: Span): Selection => ({
  key: keyOf(match),
  where: match.where ?? [],
  ...(span.kind === 'dates' && { from: finite(span.from), to: finite(span.to) }),
});

/** Fixed dates are looked at when events are taken in, and never again. */
export const askedOf = (span: Span): Span => (span.kind === 'dates' ? { kind: 'ever' } : span);

/** A computation with the aggregate that answers it. */
export function computingOf(compiler: Compiler, computation: Computation, path: Path): Computing | undefined {
  const span = spanOf(compiler, computation.window);
  const chosen = shapeOfComputation(computation, span);
  if (typeof chosen === 'string') {
    flaw(compiler, [...path, 'window'], chosen);
    return undefined;
  }
  const aggregate = aggregateOf(compiler, { ...chosen, first: selectionOf(computation, span) });
  return { kind: computation.kind, aggregate, span: askedOf(span) };
}
