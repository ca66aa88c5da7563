import type { Destination as Configured } from '../../core/destinations/definition.ts';
import type { Destination } from '../../core/destinations/destination.ts';

/** How a destination of each kind is made. */
type Makers = {
  readonly [Kind in Configured['kind']]: (configured: Extract<Configured, { readonly kind: Kind }>) => Destination;
};

/**
 * Makes the configured destination of an id.
 * @throws Error when the configuration in the bundle lacks it
 */
export function destinationOfKind(id: string, configured: readonly Configured[], makers: Makers): Destination {
  const found = configured.find((each) => each.id === id);
  if (found === undefined) throw new Error(`the configuration has no destination "${id}"`);
  const make = makers[found.kind] as (configured: Configured) => Destination;
  return make(found);
}
