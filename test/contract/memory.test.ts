import { describe } from 'vitest';
import { MemoryDynamoDb } from '../fakes/memory-dynamodb.ts';
import { MemoryStore } from '../fakes/memory-store.ts';
import type { Chance } from '../simulation/running/chance.ts';
import { Tally } from '../simulation/running/tally.ts';
import { noFaults, Worker, type World } from '../simulation/running/worker.ts';
import { FaultyTable } from '../simulation/world/faulty-table.ts';
import { Shard } from '../simulation/world/stream.ts';
import { ShardReader } from '../simulation/world/stream-mapping.ts';
import { holdsIndexContract } from './index-contract.ts';
import { type Deliver, holdsStreamContract } from './stream-contract.ts';
import { holdsTableContract } from './table-contract.ts';
import { holdsTableLimits } from './table-limits.ts';

/** Nothing fails, and whatever is chosen is the most there is. */
const most: Chance = {
  below: (limit) => limit - 1,
  happens: () => false,
  pick: (choices) => choices.at(-1) as (typeof choices)[number],
};
const calm: World = {
  turns: { take: async (_label, act) => act() },
  chance: most,
  tally: new Tally(),
  underway: new Set(),
  rates: noFaults,
};

describe.each([
  {
    name: 'the table in memory',
    client: new MemoryDynamoDb().client,
  },
  {
    name: 'the table in memory as a worker of the simulation sees it',
    client: new FaultyTable(new MemoryStore(), calm).clientFor(new Worker('contract', calm)),
  },
])('$name', ({ client }) => {
  const open = () => ({ client, tableName: 'profiles' });
  holdsTableContract(open);
  holdsTableLimits(open);
  holdsIndexContract(open);
});

/** A text that no record has stands for an unknown record. */
const deliver: Deliver = async (texts, answer, mapping) => {
  const shard = new Shard<string>('shard');
  for (const text of texts) shard.append(text);
  const deliveries: string[][] = [];
  const givenUp: string[] = [];
  const reader = new ShardReader(
    shard,
    {
      name: mapping,
      batchSize: 100,
      policy: { maxRetries: 2, bisects: mapping === 'halved' },
      onFailure: (records) => void givenUp.push(...records.map(({ data }) => data)),
      invoke: async (records) => {
        const reply = answer(
          records.map(({ data }) => data),
          deliveries.push(records.map(({ data }) => data)) - 1,
        );
        if (reply === 'throws') throw new Failure();
        return (reply ?? []).map((text) => records.find(({ data }) => data === text)?.sequenceNumber ?? text);
      },
    },
    calm,
  );
  await reader.drain(() => false);
  return { deliveries, givenUp };
};

class Failure extends Error {
  override readonly name = 'Failure';
}

describe('the mapping in memory', () => holdsStreamContract(() => deliver));
