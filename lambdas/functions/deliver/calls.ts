import pMap from 'p-map';
import { batchesOf } from '../../core/destinations/batches.ts';
import type { Call, Destination, Item } from '../../core/destinations/destination.ts';
import { filtered, type Outcome, outcomeOf } from '../../core/destinations/outcome.ts';
import type { ProfileId } from '../../core/profile/profile.ts';

/** Calls at the same time. */
const concurrentCalls = 10;

/** The item by which a telling about a membership or a trait goes to a destination. */
export const itemOf = (
  { call }: { readonly call: Call },
  {
    profileId,
    segment,
    queued,
  }: { readonly profileId: ProfileId; readonly segment: string; readonly queued?: number | undefined },
): Item => ({ id: call.messageId, call, about: segment, profileId, queued });

/** The outcome of an item that time did not suffice for. */
export const late: Outcome = { kind: 'retry', reason: 'no time', requests: 0 };

/** The outcome of what keeps changing, or is told by another function, too: the queue takes it back. */
export const unsettled: Outcome = { kind: 'retry', reason: 'Unsettled', requests: 0 };

/** The outcome of each item that time sufficed for. */
export async function callAll(
  items: readonly Item[],
  destination: Destination,
  { deadline, now }: { readonly deadline: number; readonly now: () => number },
): Promise<ReadonlyMap<Item, Outcome>> {
  const outcomes = new Map<Item, Outcome>();
  const tell = async (batch: readonly Item[]): Promise<void> => {
    if (now() >= deadline) return;
    const told = await call(batch, destination, deadline);
    if (batch.length > 1 && told.every(mayBeOfOne)) {
      const half = Math.ceil(batch.length / 2);
      await Promise.all([tell(batch.slice(0, half)), tell(batch.slice(half))]);
    } else for (const [n, item] of batch.entries()) outcomes.set(item, told[n] ?? told[0] ?? silent);
  };
  await pMap(batchesOf(items, destination.batches), tell, { concurrency: concurrentCalls });
  return outcomes;
}

/** A destination that returns fewer outcomes than items. */
const silent: Outcome = { kind: 'retry', reason: 'no outcome', requests: 0, mostTries: 3 };

async function call(batch: readonly Item[], destination: Destination, deadline: number): Promise<readonly Outcome[]> {
  try {
    return await destination.deliver(batch, { deadline });
  } catch (error) {
    return batch.map(() => outcomeOf(error));
  }
}

/** Whether one item can be the reason that a whole batch failed: smaller batches then tell which. */
const mayBeOfOne = (outcome: Outcome): boolean =>
  outcome.kind === 'refused' || (outcome.kind === 'retry' && outcome.mostTries !== undefined);

/** How it ends when everything was told that there was to tell: nothing, where consent keeps somebody back. */
export const endOf = (isToldOrAllowed: boolean): Outcome =>
  isToldOrAllowed ? { kind: 'delivered', requests: 0 } : filtered('no consent');
