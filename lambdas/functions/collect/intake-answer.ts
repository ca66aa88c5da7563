import { describeRejection, type Rejection } from '../../core/events/rejection.ts';
import type { Refusal } from '../../core/events/submission.ts';
import { type Answer, answer, refuse } from './answer.ts';
import type { IntakeResult } from './intake.ts';

/** Tells a client what became of its events. Success is exactly 200: a real client takes 202 for a failure. */
export function intakeAnswer(result: IntakeResult): Answer {
  switch (result.kind) {
    case 'stored':
      return answer(200, {
        success: true,
        ...(result.rejected.length > 0 && { accepted: result.accepted, rejected: result.rejected.map(forClient) }),
        ...(result.warnings.length > 0 && { warnings: result.warnings }),
      });
    case 'allRejected':
      return rejectionAnswer(result.rejected);
    case 'unavailable':
      return result.reason === 'throttled'
        ? refuse(
            429,
            'throttled',
            'too many events at once; send the same request again later',
            {},
            { 'retry-after': '2' },
          )
        : refuse(
            503,
            'unavailable',
            'the events could not be stored; send the same request again later',
            {},
            { 'retry-after': '5' },
          );
  }
}

/**
 * Tells a client that its request was refused as a whole. Clients send again after 429 and 503, and after 415 none does. Only a known source gets a
 * 503: alarms ring by it, and those are not for anybody to ring.
 */
export function refusalAnswer({ kind, message }: Refusal, isKnown: boolean): Answer {
  switch (kind) {
    case 'invalid':
      return refuse(400, 'invalid_request', message);
    case 'too_large':
      return refuse(413, 'too_large', message);
    case 'unsupported':
      return refuse(415, 'unsupported_encoding', message, {}, { 'accept-encoding': 'gzip' });
    case 'damaged':
      return refuse(isKnown ? 503 : 429, 'damaged', message, {}, { 'retry-after': '5' });
  }
}

function rejectionAnswer(rejected: readonly Rejection[]): Answer {
  const tooLarge = rejected.every(({ kind }) => kind === 'too_large');
  const message = rejected.slice(0, 3).map(describeRejection).join('; ');
  return refuse(tooLarge ? 413 : 400, tooLarge ? 'too_large' : 'invalid_event', message, {
    rejected: rejected.map(forClient),
  });
}

const forClient = ({ index, field, reason }: Rejection): object => ({ index, field, reason });
