import { dueProfiles } from '../../lambdas/adapters/dynamodb/due-index.ts';
import { profileIdIn } from '../../lambdas/adapters/dynamodb/keys.ts';
import { memberTable } from '../../lambdas/adapters/dynamodb/members.ts';
import { profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { dueIndex } from '../../lambdas/core/contract/storage.ts';
import { planWake } from '../../lambdas/core/stitching/wake.ts';
import { tellPeople } from '../../lambdas/functions/tend/tell-people.ts';
import { wake } from '../../lambdas/functions/tend/wake.ts';
import type { Item } from '../../test/fakes/condition-expression.ts';
import type { MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { assumptions } from './assumptions.ts';
import { dynamoListener, type Meter } from './meter.ts';
import { countFunction } from './metered-function.ts';
import { benchKey, tableName } from './metered-stitch.ts';

/** What a minute wrote, how many accounts told their people of a change, and how many people that woke. */
interface Tended {
  readonly written: readonly Item[];
  readonly told: { readonly changes: number; readonly people: number };
}

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
    ...profileTable(client, tableName, benchKey, pause),
    members: memberTable(client, tableName, benchKey, pause),
    config,
    pause,
    plan: planWake,
    now: () => clock.now,
    warn: (message: string) => {
      throw new Error(message);
    },
  };
  /** Wakes who is due in the first minute in which anybody is; nobody if that is after `until`. */
  return async (until: number): Promise<Tended> => {
    written.length = 0;
    const told = { changes: 0, people: 0 };
    const entries = entriesIn(table);
    const first = Math.min(...entries.map(({ dueAt }) => dueAt * 1000));
    clock.now = Math.ceil(first / minute) * minute;
    if (entries.length === 0 || clock.now > until) return { written: [], told };
    const due = entries.filter(({ dueAt }) => dueAt * 1000 <= clock.now);
    const { woken, telling } = await wake(due, deps);
    if (woken + telling.length < due.length) throw new Error('a profile that was due was not woken');
    for (const account of telling) {
      told.changes += 1;
      for (let goesOn = true; goesOn; ) {
        const { woken: people, ...rest } = await tellPeople(account, deps);
        told.people += people;
        goesOn = rest.goesOn;
      }
    }
    countFunction(meter, part, {
      invocations: 0,
      cpuSeconds: (woken + told.people) * assumptions.stitchTouch,
      waitSeconds:
        (Math.ceil(due.length / 100) + Math.ceil((woken + told.people) / 16) + 4 * told.changes) *
        assumptions.dynamoCall,
      megabytes: 1024,
    });
    return { written: [...written], told };
  };
}

const entriesIn = (table: MemoryDynamoDb) =>
  [...table.rows(tableName).values()].flatMap((row) =>
    row[dueIndex.at] === undefined ? [] : [{ profileId: profileIdIn(row), dueAt: Number(row[dueIndex.at]) }],
  );
