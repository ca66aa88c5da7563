import type { HttpAnswer } from '../../core/apis/http-answer.ts';
import type { Refusal } from '../../core/events/submission.ts';
import type { Source } from '../../core/sources/definition.ts';
import { type IntakeDeps, stopsOf, unavailable } from './intake.ts';
import { intakeAnswer, refusalAnswer } from './intake-answer.ts';
import { createKeeping, partsOf } from './keeping.ts';

/** A request that is refused as a whole. `source` is absent when its sender is unknown. */
interface RefusedRequest {
  readonly source?: Source;
  readonly refusal: Refusal;
  /** The parsed body, or its text. */
  readonly body: unknown;
}

/**
 * Makes the step that refuses a request as a whole. Quarantine keeps a known source's request before the answer is
 * sent.
 */
export function createRefusing(deps: IntakeDeps) {
  const keep = createKeeping(deps);
  return async ({ source, refusal, body }: RefusedRequest): Promise<HttpAnswer> => {
    if (refusal.kind === 'damaged') return toBeSentAgain(deps, refusal, source);
    if (source === undefined) return refusalAnswer(refusal, false);
    const stops = await stopsOf(deps);
    if (stops === undefined) return intakeAnswer({ kind: 'unavailable', reason: 'failed' });
    const kept = await keep(source, partsOf(refusal, body), { stops });
    if (!kept.ok) return intakeAnswer(unavailable(deps, 'quarantine', kept, source));
    deps.count(source.id, { accepted: 0, invalid: 0, tooLarge: 0, refused: 1, untimed: 0, unkept: 0 });
    return refusalAnswer(refusal, true);
  };
}

/**
 * Refuses a damaged body. It is not kept: nobody can use it, and the client sends it again. The metric, and so the
 * alarm, counts known sources only.
 */
function toBeSentAgain({ countDamaged, warn }: IntakeDeps, refusal: Refusal, source?: Source): HttpAnswer {
  if (source !== undefined) countDamaged();
  warn('a compressed body arrived damaged; the client is told to send it again', { source: source?.id });
  return refusalAnswer(refusal, source !== undefined);
}
