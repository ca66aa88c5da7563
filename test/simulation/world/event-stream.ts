import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NoAnswer, tableError } from '../../fakes/table-error.ts';
import type { Worker, World } from '../running/worker.ts';
import type { Shard } from './stream.ts';

/**
 * The event stream as a producer sees it: it may take some records of a call and refuse others with a 200, or take them
 * and not be heard.
 */
export function faultyEventStream(shards: readonly Shard<string>[], worker: Worker, world: World): KinesisClient {
  const { chance, tally } = world;
  const send = (command: unknown) => {
    if (!(command instanceof PutRecordsCommand))
      throw new Error(`${(command as object).constructor.name} is not known here`);
    const entries = command.input.Records ?? [];
    return worker.call('put records', () => {
      if (chance.happens(world.rates.throttled))
        throw counted('fault: put records refused', tableError('ProvisionedThroughputExceededException'));
      const Records = entries.map((entry) => {
        if (chance.happens(world.rates.partial))
          return { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded' };
        return {
          SequenceNumber: shardOf(entry.PartitionKey ?? '', shards).append(Buffer.from(entry.Data ?? '').toString()),
        };
      });
      const FailedRecordCount = Records.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
      if (FailedRecordCount > 0) tally.add('fault: 200 with failed records');
      if (chance.happens(world.rates.noAnswer)) throw counted('fault: records taken, answer lost', new NoAnswer());
      return { Records, FailedRecordCount };
    });
  };
  const counted = (name: string, error: Error): Error => {
    tally.add(name);
    return error;
  };
  return { send } as unknown as KinesisClient;
}

/** Partition keys are hexadecimal digests. */
const shardOf = (partitionKey: string, shards: readonly Shard<string>[]): Shard<string> =>
  shards[Number.parseInt(partitionKey.slice(0, 8), 16) % shards.length] as Shard<string>;
