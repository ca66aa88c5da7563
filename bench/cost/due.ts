import { dueProfiles } from '../../lambdas/adapters/dynamodb/due-index.ts';
import { memberTable } from '../../lambdas/adapters/dynamodb/members.ts';
import { packItem, unpackItem } from '../../lambdas/adapters/dynamodb/packed-items.ts';
import { profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import { parseConfig } from '../../lambdas/core/config/config.ts';
import { dueAttributes } from '../../lambdas/core/segments/due/due-time.ts';
import { createHandler } from '../../lambdas/functions/tend/handler.ts';
import { seededRandom } from '../../local/demo/shop/random.ts';
import type { Item } from '../../test/fakes/condition-expression.ts';
import type { Listener, MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { crowdOf, now, usualPerson } from '../events/crowd.ts';
import { assumptions } from '../metering/assumptions.ts';
import { type Bill, dynamoListener, indexWrites, Meter } from '../metering/meter.ts';
import { countFunction } from '../metering/metered-function.ts';
import { prices } from '../metering/prices.ts';

const config = parseConfig({ sources: [{ id: 'shop', kind: 'server', writeKey: 'a-write-key-of-the-bench' }] });
const tableName = 'profiles';
/** As many writes as tend has under way at once wait together. */
const writesAtOnce = 16;
const startsPerMonth = 60 * assumptions.hoursPerMonth;

/** What a person with weekly activity does in a month: four windows begin with an event, and run out by themselves. */
const weekly = { wakes: 4, armed: 4 } as const;

/** Dollars a month of what changes by itself. */
export interface DueCost {
  /** Of starts and looks while nothing is due. */
  readonly idle: number;
  /** Of the index alone: what events and wakes write there. */
  readonly index: number;
  /** Of all. */
  readonly together: number;
}

/** What it costs a month to wake so many people of weekly activity, counted on a few hundred of them. */
export async function dueCost(people: number, slices = 4): Promise<DueCost> {
  const idle = (await billOf(0, slices)).dollars() * 1e-6 * startsPerMonth;
  const sample = 300;
  const wakes = await billOf(sample, slices);
  const looks = (await billOf(0, slices)).dollars() * 1e-6;
  const perWake = (wakes.dollars() * 1e-6 - looks) / sample;
  const entry = indexWrites(undefined, dueItem(0)) * prices.dynamoWrite.dollars;
  const index = people * (weekly.armed + weekly.wakes) * entry;
  return { idle, index, together: idle + people * (weekly.wakes * perWake + weekly.armed * entry) };
}

const dueItem = (n: number): Item => ({ ...dueAttributes({ profileId: String(n), dueAt: now - 1000 }) });

/** What one minute costs in which so many profiles are due, as if it were a million of them. */
export async function billOf(due: number, slices: number): Promise<Bill> {
  const meter = new Meter();
  const table = await crowdOf(Math.max(1, due), usualPerson, config, seededRandom(1));
  if (due > 0) makeDue(table);
  for (let slice = 0; slice < slices; slice++) {
    // The queries of a round are asked for at once.
    const calls = { reads: 1, writes: 0 };
    await tendOver(table, listener(meter, calls))({ slice, slices, wakesPerSecond: 1e6 });
    meter.count('tend', 'scheduleStart', 1);
    countFunction(meter, 'tend', {
      invocations: 1,
      cpuSeconds: calls.writes * assumptions.stitchTouch,
      waitSeconds: (calls.reads + Math.ceil(calls.writes / writesAtOnce)) * assumptions.dynamoCall,
      megabytes: 1024,
    });
  }
  return meter.bill(1);
}

/** Every profile of a table, due a second ago. */
function makeDue(table: MemoryDynamoDb): void {
  for (const [key, row] of table.rows(tableName)) {
    const { kind, profileId = '' } = row;
    if (kind !== 'profile') continue;
    const due = dueAttributes({ profileId: String(profileId), dueAt: now - 1000 });
    table.rows(tableName).set(key, packItem({ ...unpackItem(row), ...due }));
  }
}

const tendOver = (table: MemoryDynamoDb, heard: Listener) => {
  const { client } = table.heardBy(heard);
  const { write, readAccounts } = profileTable(client, tableName, String, async () => {});
  return createHandler({
    ...dueProfiles(client, tableName, async () => {}),
    config,
    registry: async () => undefined,
    write,
    readAccounts,
    members: memberTable(client, tableName, String, async () => {}),
    pause: async () => {},
    sleep: async () => {},
    now: () => now,
    tell: () => {},
    warn: (message) => {
      throw new Error(message);
    },
  });
};

function listener(meter: Meter, calls: { reads: number; writes: number }): Listener {
  return {
    ...dynamoListener(meter, 'tend'),
    call: (command) => {
      if (command === 'BatchGet') calls.reads += 1;
      if (command === 'Put') calls.writes += 1;
    },
  };
}
