import type { deliveryGate, GateState } from '../../adapters/dynamodb/delivery-gate.ts';
import { admissionBy, type CallEnd, failureRate, judged, mustRecord, probed } from '../../core/destinations/breaker.ts';
import type { Outcome } from '../../core/destinations/outcome.ts';
import { takeSlots, type Wish } from '../../core/destinations/pace.ts';

/** What the gate of a destination works with. */
export interface GateDeps {
  readonly gate: ReturnType<typeof deliveryGate>;
  /** Deliveries a second that the destination takes; undefined if nobody limits them. */
  readonly perSecond: number | undefined;
  readonly now: () => number;
}

/** How many of some messages may be delivered now; the others may ask again after some seconds, and why. */
export interface Admitted {
  readonly count: number;
  readonly seconds: number;
  readonly why?: 'breaker' | 'rate' | undefined;
  /** What was known. */
  readonly state: GateState;
}

/** How often a write is tried that somebody else forestalled. */
const attempts = 5;
/** Seconds until a message asks again that could not get a place in the line. */
const crowded = 1;
/** Seconds until messages ask again that wait for a probe. */
const probing = 60;

/**
 * Decides before anything is read or sent how many messages may be delivered. A message weighs as much as it has
 * deliveries.
 */
export async function admit(weights: readonly number[], deps: GateDeps): Promise<Admitted> {
  const { gate, perSecond, now } = deps;
  const state = await gate.read();
  const admission = admissionBy(state.breaker, now());
  if (admission.kind === 'none') return { count: 0, seconds: admission.seconds, why: 'breaker', state };
  if (admission.kind === 'probe') {
    const probe = probed(state.breaker, now());
    const isOurs = await gate.writeBreaker(probe, state.breakerVersion);
    const known = { ...state, breaker: probe, breakerVersion: state.breakerVersion + 1 };
    return { count: isOurs ? 1 : 0, seconds: probing, why: 'breaker', state: known };
  }
  if (perSecond === undefined) return { count: weights.length, seconds: 0, state };
  return admitPaced({ weights, perSecond, now: now() }, state, deps);
}

async function admitPaced(wish: Wish, known: GateState, { gate }: GateDeps): Promise<Admitted> {
  let state = known;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { granted, seconds, pace } = takeSlots(state.pace, wish);
    const held = { count: granted, seconds, why: 'rate', state } as const;
    if (granted === 0 || (await gate.writePace(pace, state.paceVersion))) return held;
    state = await gate.read();
  }
  return { count: 0, seconds: crowded, why: 'rate', state };
}

/** What calls did to a destination's breaker. */
export interface Recorded {
  readonly opened: boolean;
  /** Percent of the last calls that failed, if one of these failed and enough are remembered. */
  readonly rate?: number | undefined;
}

/** Records how calls ended. While nothing fails, it reads and writes nothing. */
export async function record(outcomes: readonly Outcome[], known: GateState, deps: GateDeps): Promise<Recorded> {
  const ends = outcomes.flatMap(endOf);
  let { breaker, breakerVersion } = known;
  for (let attempt = 0; mustRecord(breaker, ends) && attempt < attempts; attempt++) {
    const after = judged(breaker, ends, deps.now());
    if (await deps.gate.writeBreaker(after, breakerVersion)) {
      const failed = ends.some((end) => end !== 'taken');
      return { opened: after.openings > breaker.openings, rate: failed ? failureRate(after) : undefined };
    }
    ({ breaker, breakerVersion } = await deps.gate.read());
  }
  return { opened: false };
}

/** A refusal is an answer about one item, and shows that the destination works. */
function endOf({ kind, requests }: Outcome): CallEnd[] {
  if (kind === 'unauthorized') return ['unauthorized'];
  if (requests === 0) return [];
  return [kind === 'retry' ? 'failed' : 'taken'];
}
