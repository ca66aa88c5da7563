import { createHash } from 'node:crypto';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Item } from '../../test/fakes/condition-expression.ts';
import { itemSize } from '../../test/fakes/item-size.ts';
import { MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import type { SampleCall } from '../events/sample-events.ts';
import { dynamoListener, firehoseGigabytes, gigabyte, Meter } from '../metering/meter.ts';
import type { Costed } from '../metering/metered-platform.ts';

/** The design that most tutorials lead to, run by the same counter: everything is done for each event by itself. */
const durations = {
  /**
   * Seconds that a function of 512 MB on x86 takes per event: to take one in, to fold it into a profile, to look at a
   * change.
   */
  ingest: 0.05,
  consume: 0.025,
  evaluate: 0.01,
  recordsPerInvocation: 10,
} as const;
const memory = 0.5;
/** Bytes that Lambda, API Gateway and the functions' own lines add to each event that they log in full. */
const logEnvelope = 700;
/** Whole events that a profile keeps for "recent activity". */
const recentEvents = 3;

/** The naive design over counting services. */
export class NaivePlatform {
  private readonly meter = new Meter();
  private readonly table = new MemoryDynamoDb(dynamoListener(this.meter, 'consumer', { identities: 1, events: 1 }));
  private readonly client = this.table.client;
  private events = 0;
  private profileBytes = 0;

  /** One event, all the way. */
  async take(call: SampleCall): Promise<void> {
    const text = JSON.stringify(call);
    this.events += 1;
    this.ingest(text);
    this.land(text);
    if (await this.isNew(call)) this.evaluate(call, await this.consume(call));
  }

  restart(): void {
    this.meter.clear();
    this.events = 0;
    this.profileBytes = 0;
  }

  costed(): Costed {
    const { events } = this;
    return {
      events,
      fold: 1,
      profileBytes: this.profileBytes / events,
      profiles: this.table.rows('profiles').size,
      ...{ wakes: 0, accountChanges: 0, toldByChange: 0 },
      bill: this.meter.bill(events),
    };
  }

  /** A request per event, with a firewall, a trace and an encrypted copy. */
  private ingest(text: string): void {
    this.meter.count('door', 'restApiRequest', 1);
    this.meter.count('door', 'wafRequest', 1);
    this.meter.count('door', 'xrayTrace', 1);
    this.meter.count('door', 'kmsRequest', 1);
    this.invoke('door', 1, durations.ingest);
    this.log('door', text, 2);
    this.meter.count('stream', 'kinesisOnDemandIn', (Math.ceil(text.length / 1024) * 1024) / gigabyte);
    this.meter.count('stream', 'kinesisOnDemandOut', (2 * text.length) / gigabyte);
  }

  /** Decrypts and notes the message down, if nobody has before. */
  private async isNew(call: SampleCall): Promise<boolean> {
    this.meter.count('consumer', 'kmsRequest', 1);
    this.invoke('consumer', 1 / durations.recordsPerInvocation, durations.consume);
    this.log('consumer', JSON.stringify(call), 2);
    try {
      await this.put('duplicates', { pk: call.messageId, sk: 'seen', at: call.timestamp }, 'attribute_not_exists(pk)');
      return true;
    } catch (error) {
      if ((error as Error).name === 'ConditionalCheckFailedException') return false;
      throw error;
    }
  }

  /** Finds the person by each identifier, and writes profile, identity and event. */
  private async consume(call: SampleCall): Promise<Item> {
    const identifiers = [call.userId, call.anonymousId].filter((id) => id !== undefined).map(String);
    const owners = await Promise.all(identifiers.map((id) => this.get('identities', { pk: id, sk: 'owner' })));
    const profileId = String(owners.find((owner) => owner !== undefined)?.profileId ?? digest(identifiers.join()));
    const profile = grown(profileId, await this.get('profiles', { pk: profileId, sk: 'profile' }), call);
    this.profileBytes += itemSize(profile);
    await this.put('profiles', profile);
    await this.put('identities', { pk: identifiers.at(-1), sk: 'owner', profileId, seenAt: call.timestamp });
    await this.put('events', {
      pk: profileId,
      sk: call.messageId,
      at: call.timestamp,
      type: call.type,
      name: call.event,
    });
    return profile;
  }

  /** A change event and a call of the destination for each event, whether anything changed or not. */
  private evaluate(call: SampleCall, profile: Item): void {
    this.invoke('segments', 1 / durations.recordsPerInvocation, durations.evaluate);
    this.log('segments', JSON.stringify({ call, profileId: profile.pk }), 0);
    this.meter.count('segments', 'busEvent', 1);
    this.meter.count('segments', 'apiDestination', 1);
  }

  private land(text: string): void {
    const rounded = firehoseGigabytes(text.length);
    this.meter.count('lake', 'firehoseGb', rounded);
    this.meter.count('lake', 'firehoseParquetGb', rounded);
  }

  private invoke(part: string, requests: number, seconds: number): void {
    this.meter.count(part, 'lambdaRequest', requests);
    this.meter.count(part, 'lambdaX86Second', seconds * memory);
  }

  /** Lines with the whole event in them, as `console.log(event)` makes, and those around them. */
  private log(part: string, text: string, whole: number): void {
    this.meter.count(part, 'logGb', (whole * text.length + logEnvelope) / gigabyte);
  }

  private async get(TableName: string, Key: Item): Promise<Item | undefined> {
    return (await this.client.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item;
  }

  private async put(TableName: string, Item: Item, ConditionExpression?: string): Promise<void> {
    await this.client.send(new PutCommand({ TableName, Item, ...(ConditionExpression && { ConditionExpression }) }));
  }
}

function grown(profileId: string, before: Item | undefined, call: SampleCall): Item {
  const recent = [call, ...((before?.recent as unknown[] | undefined) ?? [])].slice(0, recentEvents);
  const traits = { ...(before?.traits as object | undefined), ...(call.traits as object | undefined) };
  const { userId, anonymousId, timestamp } = call;
  return {
    ...before,
    pk: profileId,
    sk: 'profile',
    userId,
    anonymousId,
    traits,
    recent,
    lastSeen: timestamp,
    count: Number(before?.count ?? 0) + 1,
  };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
