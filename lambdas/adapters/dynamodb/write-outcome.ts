import { EventFault } from '../../core/events/event-fault.ts';
import type { WriteOutcome } from '../../core/stitching/profile-write.ts';

const conditionFailed = 'ConditionalCheckFailedException';
const contention = new Set([
  conditionFailed,
  'TransactionConflictException',
  'TransactionInProgressException',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'InternalServerError',
]);
const contendedReasons = new Set([
  'None',
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/**
 * Classifies a failed write: contended if a retry can succeed, refused if the table can never store it; any other error
 * is thrown.
 */
export function classify(error: unknown): WriteOutcome {
  const { name, message, CancellationReasons } = error as {
    name: string;
    message: string;
    CancellationReasons?: { Code?: string }[];
  };
  if (error instanceof EventFault) return { kind: 'refused', reason: message, cause: error.cause };
  if (contention.has(name)) return { kind: 'contended' };
  if (name === 'TransactionCanceledException') {
    const codes = (CancellationReasons ?? []).map(({ Code }) => Code ?? 'None');
    return codes.every((code) => contendedReasons.has(code))
      ? { kind: 'contended' }
      : { kind: 'refused', reason: codes.filter((code) => code !== 'None').join(', ') };
  }
  if (name === 'ValidationException') return { kind: 'refused', reason: message };
  throw error;
}

/** Whether a conditional write took place. A throttled one is thrown: nobody knows whether its condition holds. */
export async function happened(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if ((error as { readonly name?: string }).name === conditionFailed) return false;
    throw error;
  }
}
