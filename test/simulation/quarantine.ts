import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { NoAnswer, tableError } from './table-error.ts';
import type { Worker, World } from './worker.ts';

/** What lies in quarantine: an event or a line that is none, as text, and why. */
export interface Parked {
  readonly reason: string;
  readonly event: string;
}

/** The delivery stream to the quarantine as a worker sees it. It keeps what it takes, also when it is not heard. */
export function faultyQuarantine(parked: Parked[], worker: Worker, world: World): FirehoseClient {
  const { chance, tally } = world;
  const send = (command: unknown) => {
    if (!(command instanceof PutRecordBatchCommand)) throw new Error(`${(command as object).constructor.name} is not known here`);
    const entries = command.input.Records ?? [];
    return worker.call('quarantine', () => {
      if (chance.happens(world.rates.throttled)) {
        tally.add('fault: quarantine refused');
        throw tableError('ServiceUnavailableException');
      }
      const RequestResponses = entries.map(({ Data }) => {
        if (chance.happens(world.rates.partial)) return { ErrorCode: 'ServiceUnavailableException' };
        parked.push(...linesOf(Buffer.from(Data ?? '').toString()));
        return { RecordId: String(parked.length) };
      });
      const FailedPutCount = RequestResponses.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
      if (FailedPutCount > 0) tally.add('fault: 200 with records that the quarantine failed to take');
      if (chance.happens(world.rates.noAnswer)) {
        tally.add('fault: quarantined, answer lost');
        throw new NoAnswer();
      }
      return { RequestResponses, FailedPutCount };
    });
  };
  return { send } as unknown as FirehoseClient;
}

const linesOf = (text: string): Parked[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Parked);
