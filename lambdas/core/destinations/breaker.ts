/** How one call to a destination ended, as far as its breaker is concerned. */
export type CallEnd = 'taken' | 'failed' | 'unauthorized';

/** What is known about the last calls to a destination. Times in milliseconds since 1970. */
export interface Breaker {
  /** The last calls, newest last: a dot for each that was taken, an `x` for each that failed. */
  readonly recent: string;
  /** Nothing is sent before; undefined while the breaker is closed. */
  readonly openUntil?: number | undefined;
  /** Openings since a call was taken last. */
  readonly openings: number;
}

/** The breaker of a destination that nothing is known about. */
export const closedBreaker: Breaker = { recent: '', openings: 0 };

/** Calls that are remembered, and how many of them may fail. Docs quote these numbers. */
export const remembered = 30;
/** Failures among the remembered calls that open the breaker. */
export const mostFailures = 20;
const minute = 60_000;
/** Milliseconds of the longest pause. */
export const longestPause = 15 * minute;
/** Milliseconds that one probe may last before somebody else probes. */
const probing = minute;

/** Whether anything may be sent, or one probe, or when. */
export type Admission =
  | { readonly kind: 'all' }
  | { readonly kind: 'probe' }
  | { readonly kind: 'none'; readonly seconds: number };

/** What an open breaker lets pass: nothing until its time, then one delivery that shows how the destination is. */
export function admissionBy({ openUntil }: Breaker, now: number): Admission {
  if (openUntil === undefined) return { kind: 'all' };
  return now >= openUntil ? { kind: 'probe' } : { kind: 'none', seconds: Math.ceil((openUntil - now) / 1_000) };
}

/** The breaker while one delivery probes. */
export const probed = (breaker: Breaker, now: number): Breaker => ({ ...breaker, openUntil: now + probing });

/**
 * The breaker after some calls. It opens when most of the last calls failed, or when the credentials were refused, for
 * a minute at first and twice as long each time. One call that is taken closes it.
 */
export function judged(breaker: Breaker, ends: readonly CallEnd[], now: number): Breaker {
  if (ends.length === 0) return breaker;
  if (breaker.openUntil !== undefined) {
    const works = ends.includes('taken') && !ends.includes('unauthorized');
    return works ? { ...closedBreaker, recent: markOf('taken') } : opened(breaker, now);
  }
  const recent = (breaker.recent + ends.map(markOf).join('')).slice(-remembered);
  const failures = failuresIn(recent);
  const known = { ...breaker, recent };
  return ends.includes('unauthorized') || failures >= mostFailures ? opened(known, now) : known;
}

/** Whether these calls must be recorded: while nothing fails, a breaker costs no write. */
export const mustRecord = ({ recent, openUntil }: Breaker, ends: readonly CallEnd[]): boolean =>
  ends.length > 0 &&
  (openUntil !== undefined || recent.includes(markOf('failed')) || ends.some((end) => end !== 'taken'));

/** Fewer remembered calls are no rate. */
const fewest = 10;

/** Percent of the remembered calls that failed; undefined while too few are remembered. */
export const failureRate = ({ recent }: Breaker): number | undefined =>
  recent.length < fewest ? undefined : (100 * failuresIn(recent)) / recent.length;

const failuresIn = (recent: string): number => [...recent].filter((mark) => mark === markOf('failed')).length;

const markOf = (end: CallEnd): string => (end === 'taken' ? '.' : 'x');

const opened = ({ recent, openings }: Breaker, now: number): Breaker => ({
  recent,
  openings: openings + 1,
  openUntil: now + pauseAfter(openings + 1),
});

/** Milliseconds of the pause after so many openings in a row. */
export const pauseAfter = (openings: number): number => Math.min(longestPause, minute * 2 ** (openings - 1));
