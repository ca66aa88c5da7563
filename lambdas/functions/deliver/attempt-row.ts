import type { Traffic } from '../../adapters/egress/traffic.ts';
import type { Attempt, AttemptEnd, AttemptKind } from '../../core/attempts/attempt.ts';
import { reasonCodeOf } from '../../core/attempts/reason-code.ts';
import type { Item } from '../../core/destinations/destination.ts';
import type { Outcome } from '../../core/destinations/outcome.ts';
import { fingerprint } from '../../core/values/fingerprint.ts';
import type { Counted } from './tries.ts';

/** How a call ended for one of its items. */
export interface CallEnd extends Traffic {
  readonly outcome: Outcome | undefined;
  readonly milliseconds: number;
  readonly batch: number;
}

/** What a row is about; `name` stands for the person until it is hashed. */
interface About {
  readonly kind: AttemptKind;
  readonly about?: string | undefined;
  readonly name?: string | undefined;
}

/** One attempt as its message knows it. */
export interface Noted extends About {
  readonly record: Counted;
  readonly attempt: number;
  readonly redriven?: boolean | undefined;
  readonly end: AttemptEnd;
  /** Undefined if nothing was tried. */
  readonly outcome?: Outcome | undefined;
  readonly items?: number | undefined;
  /** The things that the destination was told. */
  readonly told?: readonly Item[] | undefined;
  readonly reason?: Attempt['reason'];
}

/** A row before its person is hashed. */
export type Unmarked = Attempt & Pick<About, 'name'>;

/** The id of a row: that of its message, its receive and its place. */
export const idOf = ({ messageId, attributes, receives }: Counted, row: number): string =>
  fingerprint(messageId, receives ?? attributes?.ApproximateReceiveCount ?? '', String(row));

interface Place {
  readonly id: string;
  readonly at: number;
  readonly of: string;
}

/** The row of an attempt, by the calls that told it. */
export function rowOf(noted: Noted, calls: readonly CallEnd[], { id, at, of }: Place): Unmarked {
  const { kind, about, name, attempt, redriven, outcome, items, end } = noted;
  const last = calls.at(-1);
  const isFiltered =
    end === 'delivered' && calls.length > 0 && calls.every((call) => call.outcome?.kind === 'filtered');
  const decisive = isFiltered ? last?.outcome : outcome;
  return {
    id,
    at: new Date(at).toISOString(),
    destination: of,
    kind,
    about,
    stage: stageOf(noted, calls),
    outcome: isFiltered ? 'filtered' : end,
    reason: noted.reason ?? (decisive && reasonCodeOf(decisive)),
    status: decisive?.status ?? last?.outcome?.status,
    attempt,
    redriven: redriven || undefined,
    items,
    ...(last && {
      requests: sum(calls, (call) => call.outcome?.requests ?? 0),
      milliseconds: sum(calls, (call) => call.milliseconds),
      batch: last.batch,
      sent: sum(calls, (call) => call.sent),
      answered: sum(calls, (call) => call.answered),
    }),
    name,
  };
}

const stageOf = ({ end }: Noted, calls: readonly CallEnd[]): Attempt['stage'] => {
  if (end === 'held') return 'queue';
  return calls.length === 0 && end !== 'delivered' ? 'rules' : 'tool';
};

const sum = (calls: readonly CallEnd[], of: (call: CallEnd) => number): number =>
  calls.reduce((total, call) => total + of(call), 0);
