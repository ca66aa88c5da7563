import { createHash } from 'node:crypto';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { listeningDestinations } from '../../lambdas/adapters/bus/listening-destinations.ts';
import { segmentBus } from '../../lambdas/adapters/bus/segment-bus.ts';
import { givenUpBatches } from '../../lambdas/adapters/lake/given-up-batches.ts';
import { lakeObjects } from '../../lambdas/adapters/lake/objects.ts';
import { deadLetters } from '../../lambdas/adapters/queues/dead-letters.ts';
import { intoQueue, ontoBus, redriven } from '../../lambdas/adapters/queues/letter-takers.ts';
import { eventStreamOfMany } from '../../lambdas/adapters/streams/event-stream.ts';
import { kinesisClient } from '../../lambdas/adapters/streams/kinesis-client.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { lakePrefix, putAsidePrefix } from '../../lambdas/core/contract/storage.ts';
import type { RedrivePlace } from '../../lambdas/core/operations/redrive-place.ts';
import { bothPlaces } from '../../lambdas/operations/both-places.ts';
import { unlessStopped } from '../../lambdas/operations/privacy/unless-stopped.ts';
import { patientPolicy, restFor } from '../../lambdas/operations/replay.ts';
import { sendEvents, sendNews, sendParcels } from '../../lambdas/operations/send-given-up.ts';
import { barriersOf } from './barriers-place.ts';
import { type DeployedStack, type Deployment, deployedStack, requiredOutput } from './deployed-stack.ts';
import { s3Client } from './s3-client.ts';
import { destinationOf, isOfImports, type StackResource, stackResources } from './stack-resources.ts';

/** Half of a shard's capacity for events of one kilobyte, as in a replay. */
const eventsPerSecond = 500;

/** A queue of a deployment by its ARN, and its dead-letter queue. */
interface DeployedQueue extends StackResource {
  readonly arn: string;
  readonly deadLettersArn: string | undefined;
}

/**
 * All places of a deployment where failed messages or batches may wait, by the names that operators use; `from` limits
 * them to that queue.
 */
export async function redrivePlaces(deployment: Deployment, from?: string): Promise<ReadonlyMap<string, RedrivePlace>> {
  const deployed = await deployedStack(deployment);
  const unread = new Map<string, unknown>();
  const resources = await stackResources(deployed.where, deployment.stack, ({ logicalId }, error) => {
    const destination = destinationOf({ within: logicalId });
    if (destination !== undefined) unread.set(`destination ${destination}`, error);
    if (isOfImports({ within: logicalId })) unread.set('imports', error);
  });
  const queues = await pMap(
    resources.filter((resource) => resource.type === 'AWS::SQS::Queue' && isOfPlatform(resource)),
    (queue) =>
      described(deployed.where, queue).catch((error: unknown) => {
        unread.set(nameOf(queue), error);
        return [];
      }),
    { concurrency: 8 },
  );
  const read = queues.flat().filter((queue) => !unread.has(nameOf(queue)));
  const letters = [
    ...read.flatMap((queue) => letterPlace(queue, read, { ...deployed, ...deployment }, from)),
    ...[...unread].map(unreadable),
  ];
  return new Map(from === undefined ? [...batchPlaces(deployed, deployment), ...letters] : letters);
}

/** A stack may also contain queues of its owner, which redrive must not touch. */
const isOfPlatform = (queue: StackResource): boolean =>
  destinationOf(queue) !== undefined || isOfImports(queue) || /BusDeadLetters/.test(queue.logicalId);

/** Name of a queue's place: the destination of a destination's queue, `imports` or `bus`. */
function nameOf(queue: StackResource): string {
  if (isOfImports(queue)) return 'imports';
  return destinationOf(queue) === undefined ? 'bus' : `destination ${destinationOf(queue)}`;
}

/** A place that cannot be read: it reports the error and hides no other place. */
const unreadable = ([what, error]: readonly [string, unknown]): [string, RedrivePlace] => [
  what,
  { look: () => Promise.reject(error), send: () => Promise.reject(error) },
];

function batchPlaces(deployed: DeployedStack, { local }: Deployment): [string, RedrivePlace][] {
  const { where } = deployed;
  const s3 = s3Client(where, local);
  const batches = givenUpBatches(s3, requiredOutput(deployed, output.failedBatchBucket));
  const announce = announceToAll(new EventBridgeClient(where), requiredOutput(deployed, output.segmentBus));
  const sendAll = eventStreamOfMany(kinesisClient(where), requiredOutput(deployed, output.eventStream), patientPolicy);
  const send = unlessStopped(sendAll, {
    barriers: barriersOf(deployed, { local }),
    countSuppressed: ({ length }) => {
      if (length > 0) console.error(`${length} events of people who are erased or suppressed are left out`);
    },
  });
  const place = { bucket: requiredOutput(deployed, output.lakeBucket), prefix: lakePrefix.identityLog, now: Date.now };
  const append = (key: string) =>
    lakeObjects(s3, {
      ...place,
      newId: () => `redrive-${createHash('sha256').update(key).digest('hex').slice(0, 24)}`,
    });
  return [
    ['stitch', batches('stitch', sendEvents({ send, rest: restFor(eventsPerSecond) }))],
    ['publish', batches('publish', sendNews({ announce, append }))],
  ];
}

/**
 * Announces changes to every destination, because only the deployment's rules know which destination wants which
 * segment.
 */
const announceToAll =
  (client: EventBridgeClient, busName: string) => async (changes: Parameters<ReturnType<typeof segmentBus>>[0]) => {
    const destinations = await listeningDestinations(client, busName);
    return segmentBus(
      client,
      { busName, announced: (change) => ({ ...change, destinations }) },
      () => {},
      patientPolicy,
    )(changes);
  };

/** Messages in a dead-letter queue: what a destination's queue or imports gave up, or the bus could not pass on. */
function letterPlace(
  queue: DeployedQueue,
  all: readonly DeployedQueue[],
  deployed: DeployedStack & Pick<Deployment, 'local'>,
  from?: string,
): [string, RedrivePlace][] {
  if (queue.deadLettersArn !== undefined) return [];
  const { where, local } = deployed;
  const sqs = sqsClient(where);
  const what = nameOf(queue);
  const address = from ?? queue.physicalId;
  const work = all.find(({ deadLettersArn }) => deadLettersArn === queue.arn);
  if (what === 'bus') {
    const put = ontoBus(new EventBridgeClient(where), requiredOutput(deployed, output.segmentBus));
    return [[what, deadLetters(sqs, what, address, put)]];
  }
  if (work === undefined)
    return [unreadable([what, new Error(`no queue uses ${queue.physicalId} as its dead-letter queue`)])];
  const letters = deadLetters(sqs, what, address, intoQueue(sqs, work.physicalId));
  if (from !== undefined || isOfImports(queue)) return [[what, letters]];
  const put = (MessageBody: string) =>
    sqs.send(new SendMessageCommand({ QueueUrl: work.physicalId, MessageBody, MessageAttributes: redriven }));
  const place = `${putAsidePrefix}${destinationOf(queue)}/`;
  const batches = givenUpBatches(s3Client(where, local), requiredOutput(deployed, output.failedBatchBucket));
  return [[what, bothPlaces(letters, batches('forward', sendParcels(put), { what, place }))]];
}

/** Uses the service's endpoint, because the one in a queue's URL is the emulator's own. */
const sqsClient = (where: object): SQSClient => new SQSClient({ ...where, useQueueUrlAsEndpoint: false });

async function described(where: object, queue: StackResource): Promise<DeployedQueue[]> {
  const request = new GetQueueAttributesCommand({
    QueueUrl: queue.physicalId,
    AttributeNames: ['QueueArn', 'RedrivePolicy'],
  });
  const { Attributes: { QueueArn: arn, RedrivePolicy = '{}' } = {} } = await sqsClient(where).send(request);
  if (arn === undefined) throw new Error(`SQS returns no attributes of ${queue.physicalId}`);
  const { deadLetterTargetArn } = JSON.parse(RedrivePolicy) as { deadLetterTargetArn?: string };
  return [{ ...queue, arn, deadLettersArn: deadLetterTargetArn }];
}
