import { answerWithJson, type HttpAnswer } from '../../core/apis/http-answer.ts';
import { describeRejection, type Rejection } from '../../core/events/rejection.ts';
import type { Refusal } from '../../core/events/submission.ts';
import { refuseAsCollect } from './answer.ts';
import type { IntakeResult } from './intake.ts';

/** Tells a client the outcome of its request. Success is exactly 200: a real client takes 202 for a failure. */
export function intakeAnswer(result: IntakeResult): HttpAnswer {
  switch (result.kind) {
    case 'stored':
      return answerWithJson(200, {
        success: true,
        ...(result.rejected.length > 0 && { accepted: result.accepted, rejected: result.rejected.map(forClient) }),
        ...(result.warnings.length > 0 && { warnings: result.warnings }),
      });
    case 'allRejected':
      return rejectionAnswer(result.rejected);
    case 'unavailable':
      return unavailableAnswer(result.reason);
  }
}

/** Tells a client to send its request again, because its events are nowhere. */
export function unavailableAnswer(reason: 'throttled' | 'failed'): HttpAnswer {
  if (reason === 'throttled')
    return refuseAsCollect(429, 'throttled', 'too many events at once; send the same request again later', {
      headers: { 'retry-after': '2' },
    });
  return refuseAsCollect(503, 'unavailable', 'the events could not be stored; send the same request again later', {
    headers: { 'retry-after': '5' },
  });
}

/**
 * Tells a client that its request was refused as a whole. Clients send again after 429 and 503, and never after 415.
 * Only a known source gets a 503: a 503 raises an alarm, and nobody without a key may raise one.
 */
export function refusalAnswer({ kind, message }: Refusal, isKnown: boolean): HttpAnswer {
  switch (kind) {
    case 'invalid':
      return refuseAsCollect(400, 'invalid_request', message);
    case 'too_large':
      return refuseAsCollect(413, 'too_large', message);
    case 'unsupported':
      return refuseAsCollect(415, 'unsupported_encoding', message, { headers: { 'accept-encoding': 'gzip' } });
    case 'damaged':
      return refuseAsCollect(isKnown ? 503 : 429, 'damaged', message, { headers: { 'retry-after': '5' } });
  }
}

function rejectionAnswer(rejected: readonly Rejection[]): HttpAnswer {
  const tooLarge = rejected.every(({ kind }) => kind === 'too_large');
  const message = rejected.slice(0, 3).map(describeRejection).join('; ');
  const body = { rejected: rejected.map(forClient) };
  return tooLarge
    ? refuseAsCollect(413, 'too_large', message, { body })
    : refuseAsCollect(400, 'invalid_event', message, { body });
}

const forClient = ({ index, field, reason }: Rejection): object => ({ index, field, reason });
