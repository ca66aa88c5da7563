/** When the next delivery may begin, in milliseconds since 1970; deliveries follow at equal distances. */
export interface Pace {
  readonly nextAt: number;
}

/** Milliseconds of deliveries that may be made up for at once. */
const burst = 1_000;

/** What asks for slots. */
export interface Wish {
  /** How many slots each message needs, in order. */
  readonly weights: readonly number[];
  readonly perSecond: number;
  readonly now: number;
}

/**
 * How many of some messages may begin now, and the pace after them; the others may ask again after some seconds. A
 * message begins at its first slot, also if it needs more of them than there are: the next one waits for longer.
 */
export function takeSlots(
  pace: Pace | undefined,
  { weights, perSecond, now }: Wish,
): { readonly granted: number; readonly pace: Pace; readonly seconds: number } {
  const distance = 1_000 / perSecond;
  let nextAt = Math.max(pace?.nextAt ?? 0, now - Math.max(0, burst - distance));
  let granted = 0;
  for (; granted < weights.length && nextAt <= now; granted++) nextAt += (weights[granted] ?? 1) * distance;
  const last = weights.slice(granted, -1).reduce((sum, weight) => sum + weight * distance, nextAt);
  return { granted, pace: { nextAt }, seconds: Math.max(1, Math.ceil((last - now) / 1_000)) };
}
