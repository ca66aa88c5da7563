import { flowsByConsent } from '../../consent/flows.ts';
import { type Purpose, purposesOf } from '../../consent/purpose.ts';
import { platformSource, privacySource } from '../../contract/signals.ts';
import type { Event } from '../../events/event.ts';
import { fieldsOf } from '../../values/json.ts';
import { ownValue } from '../../values/own-value.ts';
import type { ForwardedEvents } from './forwarded-events.ts';
import { type EventCondition, fqlCondition } from './fql.ts';

/** A destination that receives events. */
export interface Receiver {
  readonly id: string;
  readonly kind: string;
  /** Name of a tool of the catalogue. */
  readonly tool?: string | undefined;
  readonly consent: readonly string[];
  /** Keys of purposes. */
  readonly uses?: readonly string[] | undefined;
  readonly events?: ForwardedEvents | undefined;
}

/** The way of events to one destination. */
export interface Route {
  readonly destination: string;
  readonly wants: EventCondition;
}

/** The routes of all destinations that receive events. */
export const routesOf = (receivers: readonly Receiver[], purposes: readonly Purpose[] = []): readonly Route[] =>
  receivers.flatMap((receiver) =>
    receiver.events === undefined
      ? []
      : [
          {
            destination: receiver.id,
            wants: wantedBy(receiver, receiver.events, purposesOf(receiver.uses ?? [], purposes)),
          },
        ],
  );

/**
 * Whether an event may leave the platform at all. Corrections are the platform's own, and an opt-out that a privacy
 * officer says has nothing that a tool could do. Replays repair profiles, and destinations have had these events,
 * unless forward itself gave them up.
 */
export const mayBeForwarded = (event: Event): boolean =>
  event.sourceId !== platformSource && !isOptOut(event) && wasNeverForwarded(event);

const isOptOut = ({ sourceId, ...call }: Event): boolean =>
  sourceId === privacySource && Object.keys(fieldsOf(call.traits)).length === 0;

const wasNeverForwarded = ({ replayed }: Event): boolean => replayed === undefined || replayed === 'forward';

function wantedBy(
  { id, kind, tool, consent }: Receiver,
  { types, sources, where, names }: ForwardedEvents,
  used: readonly Purpose[],
): (event: object) => boolean {
  const called = [...new Set([id, kind, ...(tool === undefined ? [] : [tool]), ...names])];
  const isOfType = new Set<string>(types);
  const isOfSource = new Set(sources);
  const holds = where === undefined ? () => true : fqlCondition(where);
  return (event) => {
    const { type, sourceId, context, integrations } = event as Event;
    if (types !== undefined && !isOfType.has(type)) return false;
    if (sources !== undefined && !isOfSource.has(sourceId)) return false;
    return (
      isGrantedIn(context, consent) && flowsByConsent(event, used) && isMeant(integrations, called) && holds(event)
    );
  };
}

/** Whether an event states that every category is granted. */
function isGrantedIn(context: unknown, categories: readonly string[]): boolean {
  if (categories.length === 0) return true;
  const preferences = fieldsOf(fieldsOf(fieldsOf(context).consent).categoryPreferences);
  return categories.every((category) => ownValue(preferences, category) === true);
}

/** Segment's `integrations`: a name's own flag decides; without one, `All` does; without that, the event goes. */
function isMeant(integrations: unknown, names: readonly string[]): boolean {
  if (integrations === undefined) return true;
  const flags = fieldsOf(integrations);
  const own = names.map((name) => ownValue(flags, name)).filter((flag) => flag !== undefined);
  return own.length > 0 ? !own.some(isOff) : !isOff(ownValue(flags, 'All'));
}

/** Options of a destination, which are an object, turn it on. */
const isOff = (flag: unknown): boolean => flag === false || flag === null;
