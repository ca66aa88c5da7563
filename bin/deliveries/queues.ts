import pMap from 'p-map';
import {
  destinationOf,
  destinationQueues,
  hasDeadLetters,
  type StackResource,
  stackResources,
} from '../deployment/stack-resources.ts';
import { ageOfOldest, messagesIn } from '../status/readings.ts';
import type { Waiting } from './summary.ts';

/** What waits for each destination of a stack. Called with the names of those that cannot be read. */
export async function waitingOf(
  where: object,
  stack: string,
  unread: (destination: string) => void,
): Promise<Waiting[]> {
  const resources = await stackResources(where, stack, ({ logicalId }) =>
    unread(destinationOf({ within: logicalId }) ?? logicalId),
  );
  const byDestination = Map.groupBy(destinationQueues(resources), (queue) => destinationOf(queue) ?? '');
  const read = ([destination, own]: readonly [string, readonly StackResource[]]) =>
    waitingFor(where, destination, own).catch((): Waiting[] => {
      unread(destination);
      return [];
    });
  return (await pMap(byDestination, read, { concurrency: 8 })).flat();
}

async function waitingFor(where: object, destination: string, queues: readonly StackResource[]): Promise<Waiting[]> {
  const work = queues.find((queue) => !hasDeadLetters(queue));
  const dead = queues.find(hasDeadLetters);
  if (work === undefined || dead === undefined) return [];
  const [waiting, deadLetters] = await Promise.all([allIn(where, work), allIn(where, dead)]);
  const oldest = waiting === 0 ? undefined : await ageOfOldest(where, Date.now(), work.physicalId);
  return [{ destination, waiting, oldest, deadLetters }];
}

async function allIn(where: object, { physicalId }: StackResource): Promise<number> {
  const { waiting, underWay } = await messagesIn(where, physicalId);
  return waiting + underWay;
}
