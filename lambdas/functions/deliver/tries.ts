import type { SQSRecord } from 'aws-lambda';
import { redrivenAttribute } from '../../core/contract/signals.ts';
import type { TriesMemory } from '../../core/destinations/tries.ts';
import { ownValue } from '../../core/values/own-value.ts';
import { errorNameOf } from '../../core/values/thrown.ts';

/** What tries are counted with. */
export interface TriesDeps {
  /** Absent where messages never wait, so that each receive is a try. */
  readonly tries?: TriesMemory | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly warn: (message: string, details: Record<string, string>) => void;
}

/** A message whose count and first time are those of its tries; `receives` is how often its queue delivered it. */
export type Counted = SQSRecord & { readonly receives?: string | undefined };

/** Whether an operator put a message on the queue again, out of the dead letters. */
export const isRedriven = ({ messageAttributes }: Partial<Pick<SQSRecord, 'messageAttributes'>>): boolean =>
  ownValue(messageAttributes ?? {}, redrivenAttribute) !== undefined;

/** Whether a message was received before. Nobody knows what was told then, if that attempt died. */
export const cameBefore = (message: Counted): boolean =>
  Number(message.receives ?? message.attributes?.ApproximateReceiveCount) > 1 || isRedriven(message);

/** Counts the try that begins now. A message that is received for the first time costs no read. */
export async function counted(messages: readonly SQSRecord[], { tries, now }: TriesDeps): Promise<readonly Counted[]> {
  if (tries === undefined) return messages;
  const again = messages.filter(({ attributes }) => Number(attributes.ApproximateReceiveCount) > 1);
  const known = again.length === 0 ? new Map<string, never>() : await tries.recall(again.map((each) => each.messageId));
  return messages.map((message) => {
    const { tries: before = 0, firstTried = now() } = known.get(message.messageId) ?? {};
    const attributes = {
      ...message.attributes,
      ApproximateReceiveCount: String(before + 1),
      ApproximateFirstReceiveTimestamp: String(firstTried),
    };
    return { ...message, attributes, receives: message.attributes.ApproximateReceiveCount };
  });
}

/** Records a try that failed, before its message waits. If it cannot be recorded, the message has a try more. */
export async function recordTry({ messageId, attributes }: SQSRecord, { tries, warn }: TriesDeps): Promise<void> {
  const { ApproximateReceiveCount: count, ApproximateFirstReceiveTimestamp: first } = attributes;
  await tries
    ?.record(messageId, { tries: Number(count), firstTried: Number(first) })
    .catch((error: unknown) =>
      warn('a try is not recorded', { reason: errorNameOf(error), queueMessageId: messageId }),
    );
}

/** How often a message was tried that only waits now. */
export const triesBefore = async ({ messageId, attributes }: SQSRecord, { tries }: TriesDeps): Promise<string> =>
  tries === undefined
    ? attributes.ApproximateReceiveCount
    : String((await tries.recall([messageId])).get(messageId)?.tries ?? 0);
