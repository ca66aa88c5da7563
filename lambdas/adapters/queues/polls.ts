import {
  type LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { errorNameOf } from '../../core/values/thrown.ts';
import type { OfDestinations } from './of-destinations.ts';

/** Whether Lambda polls a queue; a switch lasts up to a minute. */
export type PollState = 'on' | 'off' | 'switching';

/** Lambda's polls of one queue. */
export interface Polls {
  readonly state: PollState;
  /** Returns before the switch is over. What Lambda cannot do now can be asked for again. */
  readonly turn: (isOn: boolean) => Promise<void>;
}

const states: ReadonlyMap<string, PollState> = new Map([
  ['Enabled', 'on'],
  ['Disabled', 'off'],
]);

/** Another switch is on its way, or Lambda is asked too often by all of the account. */
const passing = new Set(['ResourceInUseException', 'ResourceConflictException', 'TooManyRequestsException']);

/** The destination has no queue in this deployment, or nothing polls it. */
class NoMapping extends Error {
  override readonly name = 'NoMapping';
}

/** Finds the polls of destinations by the URLs of their queues, which the deployment wrote. */
export const pollsOf =
  (client: LambdaClient, queues: OfDestinations, region: string) =>
  async (destination: string): Promise<Polls> => {
    const url = await queues.of(destination);
    const EventSourceArn = url && arnOf(url, region);
    const { EventSourceMappings: [mapping] = [] } =
      EventSourceArn === undefined ? {} : await client.send(new ListEventSourceMappingsCommand({ EventSourceArn }));
    const { UUID, State = '' } = mapping ?? {};
    if (UUID === undefined) throw new NoMapping('nothing polls the queue of a destination');
    return {
      state: states.get(State) ?? 'switching',
      turn: async (isOn) => {
        await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: isOn })).catch((error: unknown) => {
          if (!passing.has(errorNameOf(error))) throw error;
        });
      },
    };
  };

/** The ARN of a queue, whose URL ends in its account and its name. */
function arnOf(url: string, region: string): string {
  const [account, name] = new URL(url).pathname.split('/').slice(-2);
  const [, special] = /^(cn|us-gov)-/.exec(region) ?? [];
  return `arn:aws${special === undefined ? '' : `-${special}`}:sqs:${region}:${account}:${name}`;
}
