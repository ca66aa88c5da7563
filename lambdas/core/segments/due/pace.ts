/** How fast one invocation may wake profiles, and for how long. */
export interface Pace {
  readonly wakesPerSecond: number;
  /** Milliseconds after which it begins nothing more. */
  readonly longest: number;
}

/** What an invocation has done so far. */
interface Progress {
  /** Milliseconds since it began. */
  readonly elapsed: number;
  readonly woken: number;
}

/** What an invocation does next; `wait` is in milliseconds. */
export type NextStep = { readonly kind: 'go' | 'stop' } | { readonly kind: 'wait'; readonly wait: number };

/** Keeps wakes below their rate, and ends them before the invocation's time is over. What is left stays due. */
export function nextStep({ wakesPerSecond, longest }: Pace, { elapsed, woken }: Progress): NextStep {
  const wait = Math.ceil((woken / wakesPerSecond) * 1000) - elapsed;
  if (elapsed + Math.max(0, wait) >= longest) return { kind: 'stop' };
  return wait > 0 ? { kind: 'wait', wait } : { kind: 'go' };
}
