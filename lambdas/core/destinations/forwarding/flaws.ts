import type { ForwardedEvents } from './forwarded-events.ts';

interface Flaw {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What a destination is told. */
interface Told {
  readonly segments: readonly string[];
  readonly traits: readonly string[];
  readonly events?: ForwardedEvents | undefined;
}

/** What is wrong with the events of destinations: unknown sources, and destinations that receive nothing at all. */
export function forwardingFlaws(destinations: readonly Told[], sources: readonly { readonly id: string }[]): Flaw[] {
  const known = new Set(sources.map(({ id }) => id));
  return destinations.flatMap(({ segments, traits, events }, at) => {
    if (events === undefined)
      return segments.length + traits.length > 0
        ? []
        : [
            {
              path: [at, 'segments'],
              message: 'must name a segment, unless the destination has traits or events; got none',
            },
          ];
    return (events.sources ?? []).flatMap((source, sourceAt) =>
      known.has(source)
        ? []
        : [
            {
              path: [at, 'events', 'sources', sourceAt],
              message: `no source has the id "${source}"; known: ${[...known].join(', ')}`,
            },
          ],
    );
  });
}
