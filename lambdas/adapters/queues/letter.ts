import type { Message } from '@aws-sdk/client-sqs';
import type { Entry } from '../../core/operations/redrive-place.ts';

/** The id of a letter in its queue. */
export const idOf = ({ MessageId = '' }: Message): string => MessageId;

/** What an operator chooses a letter by. */
export const entryOf = (letter: Message): Entry => ({ reason: reasonOf(letter), text: letter.Body ?? '' });

/**
 * Why a letter is dead: EventBridge and deliver give a reason in attributes; SQS gives none, and moves messages after
 * too many tries.
 */
export function reasonOf({ MessageAttributes = {}, Body = '' }: Message): string {
  if (isSealed(Body)) return 'EventBridge could not use the key, and the event is encrypted';
  const { ERROR_CODE: code, reason } = MessageAttributes;
  return code?.StringValue === undefined
    ? (reason?.StringValue ?? 'tried too often')
    : `EventBridge: ${code.StringValue}`;
}

/** Whether EventBridge encrypted a letter with the bus's key, which it does if it could not decrypt the event. */
export const isSealed = (body: string): boolean => /"detail-type"\s*:\s*"Encrypted Events"/.test(body);
