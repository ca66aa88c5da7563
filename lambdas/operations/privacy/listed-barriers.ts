import type { BarrierFile } from '../../adapters/barriers/barrier-file.ts';
import type { BarrierItems } from '../../adapters/dynamodb/barrier-items.ts';
import { maxAttempts, type WaitBeforeAttempt } from '../../adapters/streams/backoff.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import { type Barrier, joinBarriers } from '../../core/privacy/barrier.ts';
import {
  type BarrierList,
  barrierIn,
  noBarriers,
  type ShortHash,
  withListed,
} from '../../core/privacy/barrier-list.ts';

/** What the list of barriers is written with. */
export interface ListedBarriersDeps {
  readonly file: BarrierFile;
  readonly barriers: Pick<BarrierItems, 'read' | 'all'>;
  /** The hash in the list of what stands for an identifier. */
  readonly hashIn: (key: string) => ShortHash;
  readonly pause: WaitBeforeAttempt;
}

/** Identifiers that are read at the same time. */
const atOnce = 50;

/**
 * Writes the list of barriers, which is what the items say and no second truth: the file is read first, then the items,
 * and the new list takes the place of the file that was read. So whoever writes last has read what others wrote before.
 */
export function listedBarriers({ file, barriers, hashIn, pause }: ListedBarriersDeps) {
  async function replace(make: (list: BarrierList) => Promise<BarrierList>): Promise<void> {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const version = await file.read();
      const list = await make(version?.list ?? noBarriers);
      if (await file.replace({ tag: version?.tag }, list)) return;
      await pause(attempt);
    }
    throw new OperatorRefused('contended', 'somebody else writes the list of barriers all the time; run it again');
  }

  async function read(keys: readonly string[]): Promise<[string, Barrier | undefined][]> {
    const found: [string, Barrier | undefined][] = [];
    for (let from = 0; from < keys.length; from += atOnce) {
      const some = keys.slice(from, from + atOnce);
      const read = await Promise.all(some.map((key) => barriers.read(key)));
      found.push(...some.map((key, n): [string, Barrier | undefined] => [key, read[n]]));
    }
    return found;
  }

  /** An erasure never goes back: where the list has a later one than an item, the table was restored. */
  const listed = (list: BarrierList, some: readonly (readonly [string, Barrier | undefined])[]) =>
    some.map(([key, barrier]) => {
      const hash = hashIn(key);
      const { erased } = barrierIn(list, hash) ?? {};
      return { hash, barrier: erased === undefined ? barrier : joinBarriers(barrier, { erased }) };
    });

  const isSuppressedIn = (list: BarrierList, key: string) => barrierIn(list, hashIn(key))?.suppressed === true;

  return {
    /** Lists the barriers of some identifiers as their items have them now. */
    list: (keys: readonly string[]): Promise<void> =>
      keys.length === 0 ? Promise.resolve() : replace(async (list) => withListed(list, listed(list, await read(keys)))),

    /**
     * Makes the list again from all items, and keeps what no item has. Tells how many barriers it has.
     * @throws OperatorRefused when somebody of the list is not suppressed in the table: it was restored
     */
    async listAll(): Promise<number> {
      let size = 0;
      await replace(async (list) => {
        const all = await barriers.all();
        const lost = all.filter(([key, barrier]) => isSuppressedIn(list, key) && barrier?.suppressed === undefined);
        if (lost.length > 0)
          throw new OperatorRefused(
            'refused',
            `the table lacks ${lost.length} suppressions of the list: it was restored, or a lifting stopped in the middle. Run open requests, or apply the list to the table: npm run privacy -- reapply`,
          );
        const made = withListed(list, listed(list, all));
        size = made.size;
        return made;
      });
      return size;
    },
  };
}
export type ListedBarriers = ReturnType<typeof listedBarriers>;
