import * as z from 'zod';

/**
 * What keeps events of an identifier out. `erased`: whatever happened up to this time, ISO 8601. `suppressed`:
 * everything, until somebody lifts it.
 */
export interface Barrier {
  readonly erased?: string | undefined;
  readonly suppressed?: true | undefined;
}

/** Which of the two stopped an event. */
export type Stop = 'erased' | 'suppressed';

/** What stops something that happened at a time; undefined if nothing does. */
export function stopOf(barrier: Barrier | undefined, at: string): Stop | undefined {
  if (barrier?.suppressed) return 'suppressed';
  return barrier?.erased !== undefined && Date.parse(at) <= Date.parse(barrier.erased) ? 'erased' : undefined;
}

/** Both barriers: the later erasure, and suppression if either has it. */
export function joinBarriers(a: Barrier | undefined, b: Barrier | undefined): Barrier {
  const [erased] = [a?.erased, b?.erased]
    .flatMap((time) => time ?? [])
    .sort((one, other) => Date.parse(other) - Date.parse(one));
  return { ...(erased !== undefined && { erased }), ...((a?.suppressed || b?.suppressed) && { suppressed: true }) };
}

const StoredBarrier = z.object({ erased: z.iso.datetime().optional(), suppressed: z.literal(true).optional() });

/** The text of a barrier, as an item has it: the same barrier is always the same text. */
export const barrierText = ({ erased, suppressed }: Barrier): string => JSON.stringify({ erased, suppressed });

/**
 * Reads the text of a barrier; undefined if there is none.
 * @throws Error if this code did not write it: an event must not pass because its barrier cannot be read
 */
export function readBarrier(text: unknown): Barrier | undefined {
  return text === undefined ? undefined : StoredBarrier.parse(JSON.parse(String(text)));
}
