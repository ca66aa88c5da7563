import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord, SQSRecord } from 'aws-lambda';
import { askedBarriers } from '../../../lambdas/adapters/barriers/none.ts';
import { configuredBus, segmentBus } from '../../../lambdas/adapters/bus/segment-bus.ts';
import { deliveryGate } from '../../../lambdas/adapters/dynamodb/delivery-gate.ts';
import { deliveryMemory } from '../../../lambdas/adapters/dynamodb/delivery-memory.ts';
import { profileReader } from '../../../lambdas/adapters/dynamodb/profile-table.ts';
import { deliveryStream } from '../../../lambdas/adapters/streams/delivery-stream.ts';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { redrivenAttribute } from '../../../lambdas/core/contract/signals.ts';
import type { AudienceEvent } from '../../../lambdas/core/destinations/audience-event.ts';
import type { Outcome } from '../../../lambdas/core/destinations/outcome.ts';
import { createHandler as createDeliver } from '../../../lambdas/functions/deliver/handler.ts';
import { createHandler as createPublish } from '../../../lambdas/functions/publish/handler.ts';
import { attemptLog } from '../../fakes/deliveries.ts';
import type { Change } from '../../fakes/memory-store.ts';
import { NoAnswer } from '../../fakes/table-error.ts';
import type { Worker, World } from '../running/worker.ts';
import { faultyLines } from './quarantine.ts';
import { Queue, type QueueMessage } from './queue.ts';
import { faultySegmentBus } from './segment-bus.ts';
import { Shard, type StreamRecord } from './stream.ts';
import { ShardReader } from './stream-mapping.ts';

type Image = Readonly<Record<string, { readonly S: string }>>;
export interface LogLine {
  readonly kind: string;
  readonly absorbed?: string;
  readonly identifier?: string;
  readonly messageId?: string;
}

const now = Date.UTC(2026, 4, 2);

/**
 * Everything behind the table: its stream, publish, the bus, the queue, deliver and a destination that remembers what
 * it was told last.
 */
export class Outbox {
  /** `address segment` → whether the destination takes them for a member. */
  readonly told = new Map<string, boolean>();
  readonly log: LogLine[] = [];
  private readonly changes = new Shard<Image>('changes');
  private readonly reader: ShardReader<Image>;
  private readonly queue: Queue;
  private readonly givenUp: StreamRecord<Image>[] = [];

  private readonly config: CdpConfig;
  private readonly clientFor: (worker: Worker) => DynamoDBDocumentClient;
  private readonly world: World;

  constructor(
    config: CdpConfig,
    clientFor: (worker: Worker) => DynamoDBDocumentClient,
    world: World,
    maxRetries: number,
  ) {
    this.config = config;
    this.clientFor = clientFor;
    this.world = world;
    this.queue = new Queue((messages, worker) => this.deliver(messages, worker), world);
    this.reader = new ShardReader(
      this.changes,
      {
        name: 'publish',
        batchSize: 10,
        policy: { maxRetries, bisects: true },
        onFailure: (records) => void this.givenUp.push(...records),
        invoke: (records, worker) => this.publish(records, worker),
      },
      world,
    );
  }

  /** The table's stream, filtered as the mapping in `lib/activation/segments.ts` filters it. */
  onCommit = (changes: readonly Change[]): void => {
    for (const { after } of changes) {
      if (after?.changes === undefined && after?.log === undefined) continue;
      this.changes.append(
        Object.fromEntries(
          Object.entries(after).flatMap(([name, value]) => (typeof value === 'string' ? [[name, { S: value }]] : [])),
        ),
      );
    }
  };

  /** Publishes and delivers until nothing is left and `open` says that nothing is to come. */
  async run(open: () => boolean): Promise<void> {
    let publishing = true;
    const published = this.reader.drain(open).then(() => {
      publishing = false;
    });
    await Promise.all([published, ...[1, 2].map(() => this.queue.drain(() => publishing))]);
  }

  /** Gives what was given up to the functions again; says how many there were. */
  redrive(): number {
    for (const { data } of this.givenUp.splice(0)) this.changes.append(data);
    this.queue.redrive();
    return this.givenUp.length + this.queue.deadLetters.length;
  }

  private async publish(records: readonly StreamRecord<Image>[], worker: Worker): Promise<readonly string[]> {
    const policy = {
      attempts: 3,
      baseMilliseconds: 1,
      capMilliseconds: 1,
      random: () => 0,
      sleep: () => worker.call('waits', () => {}),
    };
    const handler = createPublish({
      append: deliveryStream(faultyLines(this.log, worker, this.world), 'log', policy),
      send: segmentBus(
        faultySegmentBus(this.queue.send, worker, this.world),
        configuredBus('bus', this.config),
        () => {},
        policy,
      ),
      keep: async () => {
        throw new Error('every record of a history can be read');
      },
    });
    const Records = records.map(
      ({ sequenceNumber, data }) =>
        ({ dynamodb: { SequenceNumber: sequenceNumber, NewImage: data } }) as unknown as DynamoDBRecord,
    );
    const { batchItemFailures } = await handler({ Records });
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }

  private async deliver(messages: readonly QueueMessage[], worker: Worker): Promise<readonly string[]> {
    const place = {
      client: this.clientFor(worker),
      tableName: 'profiles',
      destination: 'tool',
      pause: () => worker.call('waits', () => {}),
      now: () => now,
    };
    const handler = createDeliver({
      config: this.config,
      segments: new Set(this.config.segments.map(({ key }) => key)),
      find: profileReader(place.client, place.tableName, place.pause).find,
      memory: deliveryMemory(place),
      gate: deliveryGate(place),
      consent: [],
      ...askedBarriers(),
      perSecond: undefined,
      destination: {
        deliver: (items) => Promise.all(items.map(({ call }) => this.tell(call as AudienceEvent, worker))),
      },
      // The queue of this world brings messages back in its own time, and counts for how often.
      putOff: async () => {},
      giveUp: async () => {
        throw new Error('no message is four hours old');
      },
      sendBack: async () => {
        throw new Error('no event is forwarded');
      },
      attempts: attemptLog().attempts,
      failing: () => {},
      now: () => now,
      chance: () => 0,
      warn: () => {},
    });
    const times = { SentTimestamp: String(now), ApproximateFirstReceiveTimestamp: String(now) };
    const Records = messages.map(({ receives, isRedriven, ...message }) => {
      const attributes = { ...times, ApproximateReceiveCount: String(receives) };
      const messageAttributes = isRedriven ? { [redrivenAttribute]: {} } : {};
      return { ...message, attributes, messageAttributes } as unknown as SQSRecord;
    });
    const { batchItemFailures } = await handler({ Records });
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }

  /** The destination may be down, or take what it is told and not be heard. */
  private tell(event: AudienceEvent, worker: Worker): Promise<Outcome> {
    const { chance, rates, tally } = this.world;
    const segment = String(event.properties.audience_key);
    return worker.call('tells', () => {
      if (chance.happens(rates.throttled)) throw new NoAnswer();
      this.told.set(`${event.userId ?? event.anonymousId} ${segment}`, event.properties[segment] === true);
      tally.add('deliveries');
      if (chance.happens(rates.noAnswer)) throw new NoAnswer();
      return { kind: 'delivered', requests: 1 } as const;
    });
  }
}
