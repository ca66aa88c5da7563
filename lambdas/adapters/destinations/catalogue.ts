import type { JSONObject, SegmentEvent } from '@segment/actions-core';
import type { Call } from '../../core/destinations/destination.ts';
import { type Outcome, outcomeOf } from '../../core/destinations/outcome.ts';
import type { Route } from '../egress/route.ts';
import { onTrip } from '../egress/trip.ts';
import { type Definition, definitionIn } from './catalogue/definitions/definition.ts';
import { core } from './catalogue/library.cjs';

/** How one of the catalogue's destinations is called. */
export interface Sending {
  /** Name of the action in the destination's definition. */
  readonly action: string;
  /** Fields of the action, as Segment's mappings write them. */
  readonly mapping: JSONObject;
  /** What the destination's definition calls settings. */
  readonly settings: JSONObject;
  readonly route: Route;
}

/** Sends a call through a destination of the catalogue, and returns what became of it. */
export const sendThrough = (
  definition: unknown,
  call: Call,
  { action, mapping, settings, route }: Sending,
): Promise<Outcome> =>
  onTrip(route, async (trip) => {
    const destination = new core.Destination(named(definitionIn(definition)));
    const subscription = { subscribe: 'type = "track"', partnerAction: action, mapping };
    try {
      await destination.onEvent(call as SegmentEvent, { ...settings, subscription });
    } catch (error) {
      return outcomeOf(error, trip.requests);
    }
    const { requests } = trip;
    return requests === 0 ? { kind: 'filtered', reason: 'nothing sent', requests } : { kind: 'delivered', requests };
  });

/**
 * The catalogue finds its schemas by a definition's name, which must be the scheme of a URI; "Braze (Actions)" is none.
 */
const named = (definition: Definition): Definition => ({
  ...definition,
  name: `tool-${definition.name.replace(/[^a-z0-9]/gi, '-')}`,
});
