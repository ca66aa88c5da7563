import type { Event } from '../events/event.ts';
import { type Identifier, mostTrustedIn, type TrustRules } from '../identifiers/identifier.ts';
import { isObject } from '../values/json.ts';
import { type Stop, stopOf } from './barrier.ts';
import { type BarrierList, barrierIn, type ShortHash } from './barrier-list.ts';

/** Tells what stops an event of a source; undefined if nothing does. */
export type StopsEvent = (event: Event) => Stop | undefined;

/** The same as a yes or no. */
export const isStoppedBy =
  (stops: StopsEvent): ((event: Event) => boolean) =>
  (event) =>
    stops(event) !== undefined;

/** What judges events by the barriers of now. @throws when they cannot be read: then no event may pass */
export type EventBarriers = () => Promise<StopsEvent>;

/** What every reader of events has that is not stitch, which reads the items of identifiers. */
export interface BarrierDeps {
  readonly barriers: EventBarriers;
  /** Counts events that barriers stopped, by their sources and by nobody's name. */
  readonly countSuppressed: (sourceIds: readonly string[]) => void;
}

/**
 * Tells what stops an event by the key of its person, for readers that must not make keys: code of tools runs beside
 * them.
 */
export type StopsKeyed = (person: string | undefined, at: string) => Stop | undefined;

/** What a reader has that knows people by their keys. */
export interface KeyedBarrierDeps extends Pick<BarrierDeps, 'countSuppressed'> {
  readonly barriers: () => Promise<StopsKeyed>;
}

/** Stops nothing, and looks at nothing. */
export const stopsNothing = (): undefined => undefined;

/** What events are judged with, besides the list. */
export type BarrierRules = TrustRules;

/**
 * Judges events by a list of barriers. The most trusted identifier decides; one that is less trusted is left out by
 * stitch, and its event stays. A list without barriers costs nothing.
 */
export function stopsOf(list: BarrierList, rules: BarrierRules, hashOf: (id: Identifier) => ShortHash): StopsEvent {
  if (list.size === 0) return stopsNothing;
  const trustedIn = mostTrustedIn(rules);
  return (event) => {
    const trusted = trustedIn(event);
    if (trusted === undefined) return undefined;
    return stopOf(barrierIn(list, hashOf(trusted)), event.timestamp);
  };
}

/** Judges events by the keys of their people. An event without a person is about nobody. */
export const stopsKeyed = (list: BarrierList, hashIn: (key: string) => ShortHash): StopsKeyed =>
  list.size === 0
    ? stopsNothing
    : (person, at) => (person === undefined ? undefined : stopOf(barrierIn(list, hashIn(person)), at));

/**
 * Whether something that was refused is about somebody who is kept out: as far as its identifiers and its time can be
 * read. What states no time counts as of its receipt.
 */
export function stopsRefused(
  item: unknown,
  { sourceId, receivedAt }: { readonly sourceId: string; readonly receivedAt: string },
  stops: (event: Event) => Stop | boolean | undefined,
): boolean {
  if (stops === stopsNothing || !isObject(item)) return false;
  const { timestamp, context } = item;
  const isTime = typeof timestamp === 'string' && Number.isFinite(Date.parse(timestamp));
  const time = isTime ? timestamp : receivedAt;
  const read: object = { ...item, context: isObject(context) ? context : undefined, sourceId, timestamp: time };
  try {
    return Boolean(stops(read as Event));
  } catch {
    return false;
  }
}
