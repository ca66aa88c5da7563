import type { DeliveryPlace } from '../../../adapters/dynamodb/delivery-memory.ts';
import type { Destination as Configured, DestinationOf } from '../../../core/destinations/definition.ts';
import type { Destination } from '../../../core/destinations/destination.ts';
import type { Egress } from '../../../core/destinations/egress.ts';

/** What the function of a destination has, whatever the destination's kind is. */
export interface Surroundings {
  readonly egress: Egress;
  /** The profile table, where a destination keeps items of its own. */
  readonly place: DeliveryPlace;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A destination that is ready to be told. */
export interface Ready {
  readonly destination: Destination;
  /** Reads the text of its secret; empty if it has none. */
  readonly secret: () => Promise<string>;
}

/** Makes a configured destination of one kind. Bundling puts exactly one into each function. */
export type Kind = (configured: Configured | undefined, around: Surroundings) => Ready;

/**
 * Makes a kind of what makes its destinations.
 * @returns a kind that throws when the configuration in the bundle has no such destination, or one of another kind
 */
export const kindOf =
  <Name extends Configured['kind']>(
    name: Name,
    make: (configured: DestinationOf<Name>, around: Surroundings) => Ready,
  ): Kind =>
  (configured, around) => {
    if (configured?.kind !== name)
      throw new Error(`the configuration has no destination "${around.place.destination}" of the kind ${name}`);
    return make(configured as DestinationOf<Name>, around);
  };

/** A destination without a secret. */
export const withoutSecret = (destination: Destination): Ready => ({ destination, secret: async () => '' });
