import type { CountEvents } from '../../adapters/metrics/collect-metrics.ts';
import type { PutLines } from '../../adapters/streams/delivery-stream.ts';
import type { SendEvents } from '../../adapters/streams/event-stream.ts';
import type { PutOutcome } from '../../adapters/streams/retry-failed-entries.ts';
import { type Admission, admit } from '../../core/events/admission.ts';
import type { Rejection, Warning } from '../../core/events/rejection.ts';
import { packLines } from '../../core/events/stream-record.ts';
import type { Submission } from '../../core/events/submission.ts';
import type { Source } from '../../core/sources/definition.ts';
import { createKeeping } from './keeping.ts';

/** Everything an intake works with. */
export interface IntakeDeps {
  readonly send: SendEvents;
  readonly quarantine: PutLines;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly count: CountEvents;
  /** Counts a request whose compressed body arrived damaged. */
  readonly countDamaged: () => void;
  /** Says that something needs an operator; never given anything that a client sent. */
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** One request's events with whose they are. */
export interface IntakeRequest {
  readonly submission: Submission;
  readonly source: Source;
  /** Empty where the gateway does not say it. */
  readonly sourceIp: string;
  readonly damaged: boolean;
}

/** What became of a request's events: stored (all but `rejected`), all rejected, or not stored and worth sending again. */
export type IntakeResult =
  | {
      readonly kind: 'stored';
      readonly accepted: number;
      readonly rejected: readonly Rejection[];
      readonly warnings: readonly Warning[];
    }
  | { readonly kind: 'allRejected'; readonly rejected: readonly Rejection[] }
  | { readonly kind: 'unavailable'; readonly reason: 'throttled' | 'failed' };

/**
 * Makes the step that stores a request's events: good ones on the stream, then bad ones in quarantine. Good events never wait for bad ones: where the
 * quarantine takes nothing, the answer tells the client of each that was refused, as always, and they are counted; a request of bad events only is
 * to be sent again.
 */
export function createIntake(deps: IntakeDeps) {
  const keep = createKeeping(deps);
  return async ({ source, submission, sourceIp, damaged }: IntakeRequest): Promise<IntakeResult> => {
    const receivedAt = deps.now();
    const directIp = sourceIp === '' ? undefined : sourceIp;
    const ip = source.kind === 'browser' ? directIp : undefined;
    const admission = admit(submission, { sourceId: source.id, receivedAt, ip, directIp, newId: deps.newId }, damaged);
    const rejected = admission.rejected.map(({ rejection }) => rejection);
    const refused = [
      ...admission.rejected.map(({ item, rejection }) => ({ ...rejection, item })),
      ...submission.leftOut,
    ];
    const sent = await deps.send(source.id, packLines(admission.accepted));
    if (!sent.ok) return unavailable(deps, 'event stream', sent, source);
    const parked = await keep(source, refused, receivedAt);
    if (!parked.ok && admission.accepted.length === 0) return unavailable(deps, 'quarantine', parked, source);
    if (!parked.ok) unkept(deps, parked, source);

    deps.count(source.id, { ...countsOf(admission), unkept: parked.ok ? 0 : refused.length });
    if (admission.accepted.length === 0) return { kind: 'allRejected', rejected };
    const warnings = [...submission.leftOut.map(({ field, reason }) => ({ field, reason })), ...admission.untimed];
    return { kind: 'stored', accepted: admission.accepted.length, rejected, warnings };
  };
}

/** Says that what a client sent was not stored, and that it is to send it again. */
export function unavailable(
  { warn }: Pick<IntakeDeps, 'warn'>,
  target: string,
  { reason, error }: Extract<PutOutcome, { ok: false }>,
  source: Source,
): IntakeResult {
  warn('events were not stored; the client is told to send them again', { target, reason, error, source: source.id });
  return { kind: 'unavailable', reason };
}

function unkept({ warn }: IntakeDeps, { reason, error }: Extract<PutOutcome, { ok: false }>, source: Source): void {
  warn('refused events are not in quarantine; the client was told of each', { reason, error, source: source.id });
}

const countsOf = ({ accepted, rejected, untimed }: Admission) => {
  const tooLarge = rejected.filter(({ rejection }) => rejection.kind === 'too_large').length;
  return {
    accepted: accepted.length,
    invalid: rejected.length - tooLarge,
    tooLarge,
    refused: 0,
    untimed: untimed.length,
  };
};
