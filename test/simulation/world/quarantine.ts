import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { NoAnswer, tableError } from '../../fakes/table-error.ts';
import type { Worker, World } from '../running/worker.ts';

/** What lies in quarantine: an event or a line that is none, as text, and why. */
export interface Parked {
  readonly reason: string;
  readonly event: string;
}

/** A delivery stream of JSON lines as a worker sees it. It keeps what it takes, also when it is not heard. */
export function faultyLines<T>(lines: T[], worker: Worker, world: World): FirehoseClient {
  const { chance, tally } = world;
  const send = (command: unknown) => {
    if (!(command instanceof PutRecordBatchCommand))
      throw new Error(`${(command as object).constructor.name} is not known here`);
    const entries = command.input.Records ?? [];
    return worker.call('put lines', () => {
      if (chance.happens(world.rates.throttled)) {
        tally.add('fault: delivery stream refused all');
        throw tableError('ServiceUnavailableException');
      }
      const RequestResponses = entries.map(({ Data }) => {
        if (chance.happens(world.rates.partial)) return { ErrorCode: 'ServiceUnavailableException' };
        lines.push(...linesOf<T>(Buffer.from(Data ?? '').toString()));
        return { RecordId: String(lines.length) };
      });
      const FailedPutCount = RequestResponses.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
      if (FailedPutCount > 0) tally.add('fault: 200 with records that a delivery stream refused');
      if (chance.happens(world.rates.noAnswer)) {
        tally.add('fault: delivery stream took lines, answer lost');
        throw new NoAnswer();
      }
      return { RequestResponses, FailedPutCount };
    });
  };
  return { send } as unknown as FirehoseClient;
}

const linesOf = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
