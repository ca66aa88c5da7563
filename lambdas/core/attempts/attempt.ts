import type { ReasonCode } from './reason-code.ts';

/** What an attempt is about: a change of a segment, a computed trait, or an event that is forwarded. */
export type AttemptKind = 'audience' | 'trait' | 'event' | 'unreadable';

/**
 * How far an attempt came: `queue` before anything was read, `rules` before the tool's code was called, `tool` after.
 */
export type Stage = 'queue' | 'rules' | 'tool';

/**
 * How an attempt ended. `held`, `retried` and `untried` are followed by another attempt; `refused` and `dead` are dead
 * letters: `refused` because no other attempt could succeed, `dead` because time or tries ran out.
 */
export const attemptEnds = ['delivered', 'filtered', 'held', 'untried', 'retried', 'refused', 'dead'] as const;
export type AttemptEnd = (typeof attemptEnds)[number];

/** One attempt to tell a destination something: a row of the table `deliveries`, without personal data. */
export interface Attempt {
  /** Tells rows apart; a row that is written twice has the same one. */
  readonly id: string;
  /** When the attempt ended: an instant of ISO 8601. */
  readonly at: string;
  readonly destination: string;
  readonly kind: AttemptKind;
  /** Key of the segment or of the computed trait, or name or type of the event. */
  readonly about?: string | undefined;
  readonly stage: Stage;
  readonly outcome: AttemptEnd;
  readonly reason?: ReasonCode | undefined;
  /** Status of the tool's last answer. */
  readonly status?: number | undefined;
  /** Which try it was; 0 if it only waited. Waiting for the breaker or the rate is no try. */
  readonly attempt: number;
  /** Whether an operator sent it again. */
  readonly redriven?: boolean | undefined;
  /** Events that the row is about, where it is not one thing: those of a message that is held. */
  readonly items?: number | undefined;
  /** Of the calls that told it, requests, milliseconds and bytes; `batch` things shared the last call. */
  readonly requests?: number | undefined;
  readonly milliseconds?: number | undefined;
  readonly batch?: number | undefined;
  readonly sent?: number | undefined;
  readonly answered?: number | undefined;
  /** Stands for the person: a keyed hash, which is another one at each destination. */
  readonly person?: string | undefined;
}

/** A row as a line of JSON. */
export const attemptLine = (attempt: Attempt): string => JSON.stringify(attempt);

const longestName = 100;

/**
 * A name that an event's sender chose, as far as it is safe to record: a short one, without an address or a number as
 * long as a phone's or an order's.
 */
export const recordedName = (name: string): string =>
  name.length > longestName || /@|\d{5}/.test(name) ? 'other' : name;
