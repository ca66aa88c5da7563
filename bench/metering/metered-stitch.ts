import { identifierKey } from '../../lambdas/adapters/dynamodb/identifier-key.ts';
import { OwnerMemory } from '../../lambdas/adapters/dynamodb/owner-memory.ts';
import { profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { createHandler } from '../../lambdas/functions/stitch/handler.ts';
import type { Item } from '../../test/fakes/condition-expression.ts';
import { kinesisEvent } from '../../test/fakes/kinesis.ts';
import { type Listener, MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { everyAggregate } from '../events/every-aggregate.ts';
import { assumptions } from './assumptions.ts';
import { dynamoListener, type Meter } from './meter.ts';
import { countFunction, cpuSecondsOf } from './metered-function.ts';

export const tableName = 'profiles';
/** Under which the bench's tables have identifiers. */
export const benchKey = identifierKey('a secret of the bench');
const part = 'stitch';
/** As many writes as stitch has under way at once wait together. */
const writesAtOnce = 16;

/** What a batch wrote. */
interface Stitched {
  /** Items in the order in which they were written, as the table's stream shows them. */
  readonly written: readonly Item[];
}

/**
 * The way from the stream's records to profiles, counted. `seconds` is the processor time per event; measured when it
 * is not given.
 */
export function meteredStitch(meter: Meter, config: CdpConfig, seconds?: number) {
  const written: Item[] = [];
  const calls = { reads: 0, writes: 0 };
  const table = new MemoryDynamoDb(listener(meter, written, calls));
  const { load, write, release } = profileTable(table.client, tableName, benchKey, async () => {}).remembering(
    new OwnerMemory(),
  );
  let made = 0;
  const handler = createHandler({
    config,
    registry: everyAggregate(config),
    load: async (identifiers) => {
      // Owners, then profiles, then those that tombstones lead to; the chunks of one read are asked for at once.
      calls.reads += 2;
      return load(identifiers);
    },
    write,
    release,
    quarantine: async () => ({ ok: false, reason: 'failed', error: 'nothing here belongs in quarantine' }),
    append: async () => ({ ok: false, reason: 'failed', error: 'nothing here passes a cap' }),
    newProfileId: (createdAt) =>
      `per_${Date.parse(createdAt).toString(16).padStart(12, '0')}${(made++).toString(16).padStart(20, '0')}`,
    pause: async () => {},
    count: () => {},
    countSuppressed: () => {},
    warn: () => {},
  });
  const batch = async (records: readonly string[]): Promise<Stitched> => {
    written.length = 0;
    Object.assign(calls, { reads: 0, writes: 0 });
    const event = kinesisEvent(records);
    const cpu = await cpuSecondsOf(async () => {
      if ((await handler(event)).batchItemFailures.length > 0)
        throw new Error('a table in memory must not be contended');
    });
    const events = records.reduce((sum, text) => sum + text.split('\n').length - 1, 0);
    countFunction(meter, part, {
      invocations: 1,
      cpuSeconds: seconds === undefined ? cpu : events * seconds,
      waitSeconds: (calls.reads + Math.ceil(calls.writes / writesAtOnce)) * assumptions.dynamoCall,
      megabytes: 1024,
    });
    return { written: [...written] };
  };
  return { batch, table };
}

function listener(meter: Meter, written: Item[], calls: { writes: number }): Listener {
  const bill = dynamoListener(meter, part);
  return {
    ...bill,
    write: (name, before, after, inTransaction) => {
      written.push(after);
      bill.write(name, before, after, inTransaction);
    },
    call: (command) => {
      if (command === 'Put' || command === 'TransactWrite') calls.writes += 1;
    },
  };
}
