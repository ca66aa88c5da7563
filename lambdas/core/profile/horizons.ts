import { comparePlaces, type Place } from './trait-bound.ts';

/** Beyond what a profile no longer keeps what was said; absent while there is room for all of it. */
export interface Horizons {
  /** No value of a trait that was said here or before is kept. */
  readonly traits?: Place | undefined;
  /** Accounts last seen here or before are not kept, and of the others only when they were last seen. */
  readonly accounts?: Place | undefined;
  /** From this category on, in the order of the alphabet, consent is not kept and so is none. */
  readonly consent?: string | undefined;
}

/** A profile's bounds are those of what anybody let go. */
export function joinHorizons(a: Horizons | undefined, b: Horizons | undefined): Horizons | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const consent = [a.consent, b.consent].filter((category) => category !== undefined).sort()[0];
  return { traits: later(a.traits, b.traits), accounts: later(a.accounts, b.accounts), consent };
}

const later = (a: Place | undefined, b: Place | undefined): Place | undefined =>
  a && b ? (comparePlaces(a, b) > 0 ? a : b) : (a ?? b);
