import { createHash } from 'node:crypto';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { deadLetters } from '../lambdas/adapters/dead-letters.ts';
import { eventStreamOfMany } from '../lambdas/adapters/event-stream.ts';
import { givenUpBatches } from '../lambdas/adapters/given-up-batches.ts';
import { kinesisClient } from '../lambdas/adapters/kinesis-client.ts';
import { lakeObjects } from '../lambdas/adapters/lake-objects.ts';
import { intoQueue, ontoBus } from '../lambdas/adapters/letter-takers.ts';
import { listeningDestinations } from '../lambdas/adapters/listening-destinations.ts';
import type { RedrivePlace } from '../lambdas/adapters/redrive-place.ts';
import { patientPolicy, restFor } from '../lambdas/adapters/replayer.ts';
import { segmentBus } from '../lambdas/adapters/segment-bus.ts';
import { sendEvents, sendNews } from '../lambdas/adapters/send-given-up.ts';
import { lakePrefix, output } from '../lambdas/core/contract.ts';
import { type DeployedStack, type Deployment, deployedStack } from './deployed-stack.ts';
import { destinationOf, type StackResource, stackResources } from './stack-resources.ts';

/** Half of what a shard takes of events of a kilobyte, as a replay sends them. */
const eventsPerSecond = 500;

/** A queue of a deployment, by its ARN, and whither what it gives up on goes. */
interface DeployedQueue extends StackResource {
  readonly arn: string;
  readonly deadLettersArn: string | undefined;
}

/** All places of a deployment where something may wait to be sent again, by what an operator calls them; with `from`, those of letters that lie in that queue. */
export async function redrivePlaces(deployment: Deployment, from?: string): Promise<ReadonlyMap<string, RedrivePlace>> {
  const deployed = await deployedStack(deployment);
  const resources = await stackResources(deployed.where, deployment.stack);
  const queues = await pMap(
    resources.filter((resource) => resource.type === 'AWS::SQS::Queue' && isOfPlatform(resource)),
    (queue) => described(deployed.where, queue),
    { concurrency: 8 },
  );
  const letters = queues.flatMap((queue) => letterPlace(queue, queues, deployed, from));
  return new Map(from === undefined ? [...batchPlaces(deployed, deployment), ...letters] : letters);
}

/** A stack may hold queues of its owner's beside the platform, whose messages are none of ours. */
const isOfPlatform = (queue: StackResource): boolean => destinationOf(queue) !== undefined || /BusDeadLetters/.test(queue.logicalId);

function batchPlaces({ where, outputs }: DeployedStack, { local }: Deployment): [string, RedrivePlace][] {
  const s3 = new S3Client({ ...where, forcePathStyle: local });
  const batches = givenUpBatches(s3, named(outputs, 'failedBatchBucket'));
  const announce = announceToAll(new EventBridgeClient(where), named(outputs, 'segmentBus'));
  const send = eventStreamOfMany(kinesisClient(where), named(outputs, 'eventStream'), patientPolicy);
  const place = { bucket: named(outputs, 'lakeBucket'), prefix: lakePrefix.identityLog, now: Date.now };
  const append = (key: string) =>
    lakeObjects(s3, { ...place, newId: () => `redrive-${createHash('sha256').update(key).digest('hex').slice(0, 24)}` });
  return [
    ['stitch', batches('stitch', sendEvents({ send, rest: restFor(eventsPerSecond) }))],
    ['publish', batches('publish', sendNews({ announce, append }))],
  ];
}

/** Announces changes to every destination, for only the deployment knows which is told of which segment. */
const announceToAll = (client: EventBridgeClient, busName: string) => async (changes: Parameters<ReturnType<typeof segmentBus>>[0]) => {
  const destinations = await listeningDestinations(client, busName);
  return segmentBus(client, { busName, announced: (change) => ({ ...change, destinations }) }, () => {}, patientPolicy)(changes);
};

/** A queue that others give up into has what a destination was not told; one that is nobody's dead letters and gives up nothing itself, what the bus could not handle. */
function letterPlace(
  queue: DeployedQueue,
  all: readonly DeployedQueue[],
  { where, outputs }: DeployedStack,
  from = queue.physicalId,
): [string, RedrivePlace][] {
  if (queue.deadLettersArn !== undefined) return [];
  const sqs = sqsClient(where);
  const work = all.find(({ deadLettersArn }) => deadLettersArn === queue.arn);
  const what = work === undefined ? 'bus' : `destination ${destinationOf(queue) ?? queue.logicalId}`;
  const take = work === undefined ? ontoBus(new EventBridgeClient(where), named(outputs, 'segmentBus')) : intoQueue(sqs, work.physicalId);
  return [[what, deadLetters(sqs, what, from, take)]];
}

/** Asks by the address of the service: the one in a queue's URL is the emulator's own. */
const sqsClient = (where: object): SQSClient => new SQSClient({ ...where, useQueueUrlAsEndpoint: false });

async function described(where: object, queue: StackResource): Promise<DeployedQueue> {
  const request = new GetQueueAttributesCommand({ QueueUrl: queue.physicalId, AttributeNames: ['QueueArn', 'RedrivePolicy'] });
  const { Attributes = {} } = await sqsClient(where).send(request);
  const { deadLetterTargetArn } = JSON.parse(Attributes.RedrivePolicy ?? '{}') as { deadLetterTargetArn?: string };
  return { ...queue, arn: Attributes.QueueArn ?? '', deadLettersArn: deadLetterTargetArn };
}

function named(outputs: DeployedStack['outputs'], name: keyof typeof output): string {
  const value = outputs[output[name]];
  if (value === undefined) throw new Error(`the stack has no output ${output[name]}; deploy it anew`);
  return value;
}
