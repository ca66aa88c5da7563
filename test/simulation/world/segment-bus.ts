import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { NoAnswer, tableError } from '../../fakes/table-error.ts';
import type { Worker, World } from '../running/worker.ts';

/**
 * The segment bus as a worker sees it: it may take some events of a call and refuse others with a 200, or take them and
 * not be heard.
 */
export function faultySegmentBus(
  deliverTo: (body: string) => void,
  worker: Worker,
  { chance, rates, tally }: World,
): EventBridgeClient {
  const send = (command: unknown) => {
    if (!(command instanceof PutEventsCommand))
      throw new Error(`${(command as object).constructor.name} is not known here`);
    return worker.call('put events', () => {
      if (chance.happens(rates.throttled)) throw tableError('ThrottlingException');
      const Entries = (command.input.Entries ?? []).map(({ Detail }) => {
        if (chance.happens(rates.partial)) return { ErrorCode: 'InternalFailure' };
        deliverTo(JSON.stringify({ detail: JSON.parse(Detail ?? '') }));
        return { EventId: 'taken' };
      });
      const FailedEntryCount = Entries.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
      if (FailedEntryCount > 0) tally.add('fault: 200 with events that the bus refused');
      if (chance.happens(rates.noAnswer)) throw new NoAnswer();
      return { Entries, FailedEntryCount };
    });
  };
  return { send } as unknown as EventBridgeClient;
}
