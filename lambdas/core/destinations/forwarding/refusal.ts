/** A queue that takes nothing: since when, and when it was tried last, in milliseconds since 1970. */
export interface Refusal {
  readonly since: number;
  readonly tried: number;
}

const second = 1_000;
const minute = 60 * second;
/** Milliseconds for which a batch waits for a queue. A queue that has refused for so long is tried so rarely. */
const patience = { refused: minute, between: 30 * second } as const;
/** The age in milliseconds at which a batch waits for no queue: a process that ended remembers no refusals. */
const oldest = 10 * minute;

/** Whether a queue is tried. One that has refused for long must not cost each batch the time of a try. */
export const mayTry = (refusal: Refusal | undefined, now: number): boolean =>
  refusal === undefined || now - refusal.since < patience.refused || now - refusal.tried >= patience.between;

/** Whether what a queue refuses is put aside, so that a batch that came in at a time holds up no other queue. */
export const mustPutAside = ({ since }: Refusal, arrived: number, now: number): boolean =>
  now - since >= patience.refused || now - arrived >= oldest;
