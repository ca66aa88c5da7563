import { comparePlaces, type Place } from './trait-bound.ts';

/** Places beyond which a profile dropped values; absent while everything fits. */
export interface Horizons {
  /** Trait values stated here or before are dropped. */
  readonly traits?: Place | undefined;
  /** Accounts last seen here or before are dropped; for the others only the last sight is known. */
  readonly accounts?: Place | undefined;
  /** Consent from this category on, in alphabetical order, is dropped and counts as refused. */
  readonly consent?: string | undefined;
}

/** The horizons of a joined profile: the stricter of each. */
export function joinHorizons(a: Horizons | undefined, b: Horizons | undefined): Horizons | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const consent = [a.consent, b.consent].filter((category) => category !== undefined).sort()[0];
  return { traits: later(a.traits, b.traits), accounts: later(a.accounts, b.accounts), consent };
}

function later(a: Place | undefined, b: Place | undefined): Place | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return comparePlaces(a, b) > 0 ? a : b;
}
