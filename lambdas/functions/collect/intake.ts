import type { CountEvents } from '../../adapters/metrics/collect-metrics.ts';
import type { PutLines } from '../../adapters/streams/delivery-stream.ts';
import type { SendEvents } from '../../adapters/streams/event-stream.ts';
import type { PutOutcome } from '../../adapters/streams/retry-failed-entries.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import { type Admission, admit } from '../../core/events/admission.ts';
import type { Arrival } from '../../core/events/arrival.ts';
import type { Rejection, Warning } from '../../core/events/rejection.ts';
import { packLines } from '../../core/events/stream-record.ts';
import type { Submission } from '../../core/events/submission.ts';
import { namingRule } from '../../core/identifiers/naming-rule.ts';
import { type BarrierDeps, isStoppedBy, type StopsEvent } from '../../core/privacy/event-barriers.ts';
import type { Source } from '../../core/sources/definition.ts';
import { errorNameOf } from '../../core/values/thrown.ts';
import { createKeeping } from './keeping.ts';

/** Everything an intake works with. */
export interface IntakeDeps extends BarrierDeps {
  readonly config: Pick<CdpConfig, 'sources' | 'identity'>;
  readonly send: SendEvents;
  readonly quarantine: PutLines;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly signalsOf?: Arrival['signalsOf'];
  readonly count: CountEvents;
  /** Counts a request with a damaged compressed body. */
  readonly countDamaged: () => void;
  /** Logs what an operator must look at. It never gets anything that a client sent. */
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** The events of one request, and their source. */
interface IntakeRequest {
  readonly submission: Submission;
  readonly source: Source;
  /** Empty when the gateway sends none. */
  readonly sourceIp: string;
  readonly damaged: boolean;
  /** Whether the browser asks that the person is not sold. */
  readonly gpc?: boolean | undefined;
}

/**
 * The outcome of a request: its events are stored (all but `rejected`), or all rejected, or not stored and to be sent
 * again.
 */
export type IntakeResult =
  | {
      readonly kind: 'stored';
      /** Events that are on the stream, and those that barriers stopped: the sender is not told who is kept out. */
      readonly accepted: number;
      readonly rejected: readonly Rejection[];
      readonly warnings: readonly Warning[];
      /** Whether quarantine has every event that is not on the stream. */
      readonly kept: boolean;
    }
  | { readonly kind: 'allRejected'; readonly rejected: readonly Rejection[] }
  | { readonly kind: 'unavailable'; readonly reason: 'throttled' | 'failed' };

/**
 * Makes the step that stores a request's events: good ones on the stream, then bad ones in quarantine. Good events
 * never wait for bad ones. If the quarantine fails, the answer still lists each bad event, and a metric counts them. A
 * request with bad events only must then be sent again.
 */
export function createIntake(deps: IntakeDeps) {
  const keep = createKeeping(deps);
  return async ({ source, submission, sourceIp, damaged, gpc }: IntakeRequest): Promise<IntakeResult> => {
    const stops = await stopsOf(deps);
    if (stops === undefined) return { kind: 'unavailable', reason: 'failed' };
    const receivedAt = deps.now();
    const directIp = sourceIp === '' ? undefined : sourceIp;
    const ip = source.kind === 'browser' ? directIp : undefined;
    const isNamed = namingRule(source, deps.config.identity);
    const { id: sourceId, clientAnonymous } = source;
    const { newId, signalsOf } = deps;
    const isStopped = isStoppedBy(stops);
    const arrival = { sourceId, receivedAt, ip, directIp, newId, isNamed, gpc, signalsOf, clientAnonymous, isStopped };
    const admission = admit(submission, arrival, damaged);
    const rejected = admission.rejected.map(({ rejection }) => rejection);
    const isOfOthers = admission.accepted.length > 0 || admission.suppressed === 0;
    const refused = [
      ...admission.rejected.map(({ item, rejection }) => ({ ...rejection, item })),
      ...(isOfOthers ? submission.leftOut : []),
    ];
    const sent = await deps.send(source.id, packLines(admission.accepted));
    if (!sent.ok) return unavailable(deps, 'event stream', sent, source);
    const parked = await keep(source, refused, { stops, receivedAt });
    if (!parked.ok && admission.accepted.length + admission.suppressed === 0)
      return unavailable(deps, 'quarantine', parked, source);
    if (!parked.ok) unkept(deps, parked, source);

    deps.countSuppressed(Array.from({ length: admission.suppressed }, () => source.id));
    deps.count(source.id, { ...countsOf(admission), unkept: parked.ok ? 0 : refused.length });
    if (admission.accepted.length + admission.suppressed === 0) return { kind: 'allRejected', rejected };
    const warnings = [
      ...submission.leftOut.map(({ field, reason }) => ({ field, reason })),
      ...admission.untimed,
      ...admission.misstated,
    ];
    const accepted = admission.accepted.length + admission.suppressed;
    return { kind: 'stored', accepted, rejected, warnings, kept: parked.ok };
  };
}

/** What judges events now; undefined if that cannot be read: then nothing is stored, and clients send again. */
export async function stopsOf({
  barriers,
  warn,
}: Pick<IntakeDeps, 'barriers' | 'warn'>): Promise<StopsEvent | undefined> {
  try {
    return await barriers();
  } catch (error) {
    warn('barriers cannot be read; clients are told to send again', { error: errorNameOf(error) });
    return undefined;
  }
}

/** Logs that a client's events were not stored, and tells the client to send them again. */
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
  warn('refused events are not in quarantine; the answer named each', { reason, error, source: source.id });
}

const countsOf = ({ accepted, rejected, untimed, misstated }: Admission) => {
  const tooLarge = rejected.filter(({ rejection }) => rejection.kind === 'too_large').length;
  return {
    accepted: accepted.length,
    invalid: rejected.length - tooLarge,
    tooLarge,
    refused: 0,
    untimed: untimed.length,
    ...(misstated.length > 0 && { misstated: misstated.length }),
  };
};
