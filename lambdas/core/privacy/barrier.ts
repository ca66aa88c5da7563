import * as z from 'zod';

/**
 * What divides the events of an identifier. `erased`: whatever happened up to this time, ISO 8601, is kept out.
 * `suppressed`: everything is, until somebody lifts it. `released`: up to each of these times, the earliest first, the
 * identifier is another one, which keeps its person, and nothing is kept out.
 */
export interface Barrier {
  readonly erased?: string | undefined;
  readonly suppressed?: true | undefined;
  readonly released?: readonly string[] | undefined;
}

/** The latest releases of one identifier, which are kept; events before them are taken for those of the earliest. */
export const mostReleases = 16;

/** Which of the two stopped an event. */
export type Stop = 'erased' | 'suppressed';

/** What stops something that happened at a time; undefined if nothing does. */
export function stopOf(barrier: Barrier | undefined, at: string): Stop | undefined {
  if (barrier?.suppressed) return 'suppressed';
  return barrier?.erased !== undefined && Date.parse(at) <= Date.parse(barrier.erased) ? 'erased' : undefined;
}

/** Both barriers: the later erasure, suppression if either has it, and the releases of both. */
export function joinBarriers(a: Barrier | undefined, b: Barrier | undefined): Barrier {
  const [erased] = [a?.erased, b?.erased]
    .flatMap((time) => time ?? [])
    .sort((one, other) => Date.parse(other) - Date.parse(one));
  const released = latest([...(a?.released ?? []), ...(b?.released ?? [])]);
  return {
    ...(erased !== undefined && { erased }),
    ...((a?.suppressed || b?.suppressed) && { suppressed: true }),
    ...(released.length > 0 && { released }),
  };
}

/** The latest times, each once, in order and in one form. */
const latest = (times: readonly string[]): string[] =>
  [...new Set(times.map((time) => Date.parse(time)))]
    .sort((one, other) => one - other)
    .slice(-mostReleases)
    .map((time) => new Date(time).toISOString());

const StoredBarrier = z.object({
  erased: z.iso.datetime().optional(),
  suppressed: z.literal(true).optional(),
  released: z.array(z.iso.datetime()).min(1).optional(),
});

/** The text of a barrier, as an item has it: the same barrier is always the same text. */
export const barrierText = ({ erased, suppressed, released }: Barrier): string =>
  JSON.stringify({ erased, suppressed, released });

/**
 * Reads the text of a barrier; undefined if there is none.
 * @throws Error if this code did not write it: an event must not pass because its barrier cannot be read
 */
export function readBarrier(text: unknown): Barrier | undefined {
  return text === undefined ? undefined : StoredBarrier.parse(JSON.parse(String(text)));
}
