import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { configuredBus, segmentBus } from '../../lambdas/adapters/bus/segment-bus.ts';
import type { PutLines } from '../../lambdas/adapters/streams/delivery-stream.ts';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { table } from '../../lambdas/core/contract/storage.ts';
import { MembershipChange } from '../../lambdas/core/destinations/audience-event.ts';
import type { Profile, ProfileId } from '../../lambdas/core/profile/profile.ts';
import { createHandler as createDeliver } from '../../lambdas/functions/deliver/handler.ts';
import { createHandler as createPublish } from '../../lambdas/functions/publish/handler.ts';
import type { Item } from '../../test/fakes/condition-expression.ts';
import { attemptLog, deliveryMemory, openGate } from '../../test/fakes/deliveries.ts';
import { assumptions } from './assumptions.ts';
import { firehoseGigabytes, type Meter } from './meter.ts';
import { sqsEvent, unneeded } from './metered-deliver.ts';
import { countFunction, cpuSecondsOf } from './metered-function.ts';

/**
 * The way from written items to a destination that was told and to the identity log, counted. Each change is a message
 * and an invocation of its own.
 */
export function meteredDelivery(
  meter: Meter,
  config: CdpConfig,
  find: (profileId: ProfileId) => Promise<Profile | undefined>,
) {
  const announced: MembershipChange[] = [];
  const logging =
    (part: string): PutLines =>
    async (packs) => {
      for (const { text } of packs) meter.count(part, 'firehoseGb', firehoseGigabytes(text.length));
      return { ok: true };
    };
  const publish = createPublish({
    send: segmentBus(bus(meter, announced), configuredBus('segments', config), () => {}),
    append: logging('identity log'),
    keep: async () => ({ ok: false, reason: 'failed', error: 'nothing here cannot be read' }),
  });
  const now = () => Date.UTC(2026, 10, 23, 12);
  const deliver = createDeliver({
    config,
    segments: new Set(config.segments.map(({ key }) => key)),
    consent: [],
    find,
    memory: deliveryMemory(),
    gate: openGate,
    perSecond: undefined,
    destination: { deliver: async (items) => items.map(() => ({ kind: 'delivered', requests: 1 })) },
    ...unneeded,
    attempts: { ...attemptLog().attempts, log: logging('attempts') },
    now,
    chance: () => 0,
  });

  return async (written: readonly Item[]): Promise<void> => {
    const Records = written.filter((row) => table.changes in row || table.log in row).map(streamRecord);
    if (Records.length === 0) return;
    announced.length = 0;
    const cpuSeconds = await cpuSecondsOf(async () => void (await publish({ Records } as DynamoDBStreamEvent)));
    const invocations = Math.ceil(Records.length / 100);
    const waitSeconds =
      Math.ceil(announced.length / 10) * assumptions.dynamoCall + invocations * assumptions.dynamoCall;
    countFunction(meter, 'publish', { invocations, cpuSeconds, waitSeconds, megabytes: 512 });
    for (const destination of config.destinations)
      for (const change of announced.filter(({ segment }) => destination.segments.includes(segment)))
        await tell(change);
  };

  async function tell(change: MembershipChange): Promise<void> {
    const event = sqsEvent([JSON.stringify({ detail: change })], now());
    const cpuSeconds = await cpuSecondsOf(async () => {
      if ((await deliver(event)).batchItemFailures.length > 0) throw new Error('a change was not delivered');
    });
    meter.count('deliver', 'sqsRequest', assumptions.sqsRequestsPerMessage);
    countFunction(meter, 'deliver', {
      invocations: 1,
      cpuSeconds,
      waitSeconds: assumptions.webhookCall + 2 * assumptions.dynamoCall,
      megabytes: 512,
    });
  }
}

const streamRecord = (row: Item, index: number) => ({
  dynamodb: {
    SequenceNumber: String(index + 1),
    NewImage: Object.fromEntries(
      Object.entries(row).flatMap(([name, value]) => (typeof value === 'string' ? [[name, { S: value }]] : [])),
    ),
  },
});

/** Takes every event and counts it, 64 KB each. */
function bus(meter: Meter, announced: MembershipChange[]): EventBridgeClient {
  const take = (detail: string): object => {
    meter.count('publish', 'busEvent', Math.ceil(detail.length / (64 * 1024)));
    announced.push(MembershipChange.parse(JSON.parse(detail)));
    return { EventId: 'an event' };
  };
  return {
    send: async ({ input }: PutEventsCommand) => ({
      Entries: (input.Entries ?? []).map(({ Detail = '{}' }) => take(Detail)),
    }),
  } as unknown as EventBridgeClient;
}
