import { dueProfiles } from '../../lambdas/adapters/dynamodb/due-index.ts';
import { profileIdIn } from '../../lambdas/adapters/dynamodb/keys.ts';
import { profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { dueIndex } from '../../lambdas/core/contract/storage.ts';
import { planWake } from '../../lambdas/core/stitching/wake.ts';
import { wake } from '../../lambdas/functions/tend/wake.ts';
import type { Item } from '../../test/fakes/condition-expression.ts';
import type { MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { assumptions } from './assumptions.ts';
import { dynamoListener, type Meter } from './meter.ts';
import { countFunction } from './metered-function.ts';
import { tableName } from './metered-stitch.ts';

const part = 'tend';
const minute = 60_000;

/**
 * Wakes profiles as the due index says, minute by minute, counted: their reads and writes. The queries of the index
 * and the invocations cost the same with nobody due.
 */
export function meteredTend(meter: Meter, config: CdpConfig, table: MemoryDynamoDb) {
  const written: Item[] = [];
  const clock = { now: 0 };
  const bill = dynamoListener(meter, part);
  const { client } = table.heardBy({
    ...bill,
    write: (name, before, after, inTransaction) => {
      written.push(after);
      bill.write(name, before, after, inTransaction);
    },
  });
  const pause = async () => {};
  const deps = {
    ...dueProfiles(client, tableName, pause),
    ...profileTable(client, tableName, () => '', pause),
    config,
    pause,
    plan: planWake,
    now: () => clock.now,
    warn: (message: string) => {
      throw new Error(message);
    },
  };
  /** Wakes who is due in the first minute in which anybody is; nobody if that is after `until`. */
  return async (until: number): Promise<readonly Item[]> => {
    written.length = 0;
    const entries = entriesIn(table);
    const first = Math.min(...entries.map(({ dueAt }) => dueAt * 1000));
    clock.now = Math.ceil(first / minute) * minute;
    if (entries.length === 0 || clock.now > until) return [];
    const due = entries.filter(({ dueAt }) => dueAt * 1000 <= clock.now);
    const { woken } = await wake(due, deps);
    if (woken < due.length) throw new Error('a profile that was due was not woken');
    countFunction(meter, part, {
      invocations: 0,
      cpuSeconds: woken * assumptions.stitchTouch,
      waitSeconds: (Math.ceil(due.length / 100) + Math.ceil(woken / 16)) * assumptions.dynamoCall,
      megabytes: 1024,
    });
    return [...written];
  };
}

const entriesIn = (table: MemoryDynamoDb) =>
  [...table.rows(tableName).values()].flatMap((row) =>
    row[dueIndex.at] === undefined ? [] : [{ profileId: profileIdIn(row), dueAt: Number(row[dueIndex.at]) }],
  );
