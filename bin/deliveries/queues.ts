import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { destinationOf, type StackResource, stackResources } from '../deployment/stack-resources.ts';
import { ageOfOldest } from '../status/readings.ts';
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
  const queues = resources.filter(
    (resource) => resource.type === 'AWS::SQS::Queue' && destinationOf(resource) !== undefined,
  );
  const byDestination = Map.groupBy(queues, (queue) => destinationOf(queue) ?? '');
  const read = ([destination, own]: readonly [string, readonly StackResource[]]) =>
    waitingFor(where, destination, own).catch((): Waiting[] => {
      unread(destination);
      return [];
    });
  return (await pMap(byDestination, read, { concurrency: 8 })).flat();
}

async function waitingFor(where: object, destination: string, queues: readonly StackResource[]): Promise<Waiting[]> {
  const isDead = ({ logicalId }: StackResource) => logicalId.startsWith('DeadLetters');
  const work = queues.find((queue) => !isDead(queue));
  const dead = queues.find(isDead);
  if (work === undefined || dead === undefined) return [];
  const [waiting, deadLetters] = await Promise.all([messagesIn(where, work), messagesIn(where, dead)]);
  const oldest = waiting === 0 ? undefined : await ageOfOldest(where, Date.now(), work.physicalId);
  return [{ destination, waiting, oldest, deadLetters }];
}

async function messagesIn(where: object, { physicalId: QueueUrl }: StackResource): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const sqs = new SQSClient({ ...where, useQueueUrlAsEndpoint: false });
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }));
  return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}
