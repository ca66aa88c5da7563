import { fingerprint } from '../../values/fingerprint.ts';
import type { Shape } from '../aggregates/kind.ts';
import type { Call, EventMatch, Filter } from '../language/event-match.ts';

/** Which events an aggregate takes in. */
export interface Selection {
  /** The key that `keysOf` gives such events. */
  readonly key: string;
  readonly where: readonly Filter[];
  /** From one instant until before another. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** What an aggregate keeps of each event; an event without it is not taken in. */
export interface Taken {
  readonly as: 'amount' | 'scalar' | 'text' | 'hash';
  readonly property: string;
}

/** An aggregate that all definitions share which ask the same of the same events. */
export interface AggregateSpec {
  /** A hash of all else. */
  readonly id: string;
  readonly shape: Shape;
  readonly first: Selection;
  /** Of a sequence, what comes second. */
  readonly second?: Selection | undefined;
  readonly taken?: Taken | undefined;
}

/** An aggregate's spec with its id, which depends on no order of fields or filters. */
export function specOf(spec: Omit<AggregateSpec, 'id'>): AggregateSpec {
  const sorted = { ...spec, first: ordered(spec.first), ...(spec.second && { second: ordered(spec.second) }) };
  return { ...sorted, id: fingerprint(canonical(sorted)) };
}

const ordered = (selection: Selection): Selection => ({
  ...selection,
  where: [...selection.where].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1)),
});

/** JSON with the fields of each object in one order, and without those that are undefined. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, of]) => of !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, of]) => `${JSON.stringify(name)}:${canonical(of)}`).join(',')}}`;
}

/** The key of events that a definition means. */
export const keyOf = ({ event }: EventMatch): string => (typeof event === 'string' ? trackKey(event) : callKey(event));
const trackKey = (name: string): string => `track ${name}`;
const callKey = ({ type, name }: Call): string => (name === undefined ? type : `${type} ${name}`);

/** The keys of an event: of its name, and of a page or another call without a name its type. */
export function keysOf(event: { readonly type: string; readonly event?: unknown; readonly name?: unknown }): string[] {
  if (event.type === 'track') return [trackKey(String(event.event))];
  return typeof event.name === 'string' && event.name !== ''
    ? [event.type, `${event.type} ${event.name}`]
    : [event.type];
}
