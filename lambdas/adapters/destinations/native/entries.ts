import { endingOfCode } from '../../../core/destinations/aws-codes.ts';
import type { Batches, Item } from '../../../core/destinations/destination.ts';
import type { Outcome } from '../../../core/destinations/outcome.ts';

/** Messages that a batch call of SQS, SNS and EventBridge takes. */
export const tenAtOnce: Batches = { size: 10, keyOf: () => '', severalOfOne: true };

/** What a batch call said about the entries that it did not take. */
interface Refused {
  readonly id: string | undefined;
  readonly code: string | undefined;
  readonly isOwnFault: boolean | undefined;
}

/** The id of an item in a batch call: its place. */
export const entryId = (place: number): string => String(place);

/** The outcome of each item of a batch call, by its place. */
export function outcomesOf(items: readonly Item[], refused: readonly Refused[]): Outcome[] {
  const byId = new Map(refused.map((each) => [each.id, each]));
  return items.map((_, place): Outcome => {
    const failed = byId.get(entryId(place));
    if (failed === undefined) return { kind: 'delivered', requests: 1 };
    const { code = 'NoAnswer', isOwnFault } = failed;
    return { kind: endingOfCode(code) ?? (isOwnFault ? 'refused' : 'retry'), reason: code, requests: 1 };
  });
}
