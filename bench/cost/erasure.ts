import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import { identifierKey } from '../../lambdas/adapters/dynamodb/identifier-key.ts';
import { newProfileId } from '../../lambdas/adapters/dynamodb/profile-id.ts';
import { profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import { parseConfig } from '../../lambdas/core/config/config.ts';
import { defaultRetention } from '../../lambdas/core/contract/retention.ts';
import type { Event } from '../../lambdas/core/events/event.ts';
import { createHandler } from '../../lambdas/functions/stitch/handler.ts';
import { deployedOfficer, type OfficerPlace } from '../../lambdas/operations/privacy/deployed-officer.ts';
import { kinesisEvent, recordOf } from '../../test/fakes/kinesis.ts';
import { MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { assumptions } from '../metering/assumptions.ts';
import { dynamoListener, Meter } from '../metering/meter.ts';
import { prices, type Unit } from '../metering/prices.ts';

const secret = 'a-secret-of-identifiers-for-the-bench';
const tableName = 'profiles';
const noPause = async () => {};
const config = parseConfig({ sources: [{ id: 'shop', kind: 'server', writeKey: 'a-write-key' }] });

/** What nobody can count in memory: how large the lake is, and how fast a job reads and writes it. */
export const lakeAssumptions = {
  events: 100_000_000,
  eventsPerPerson: 200,
  /** Bytes of an event in the table `events`, and in `sightings`. */
  eventBytes: 250,
  sightingBytes: 60,
  fileBytes: 128 * 2 ** 20,
  /** By one processor. */
  readBytesPerSecond: 100 * 2 ** 20,
  writtenBytesPerSecond: 50 * 2 ** 20,
  identifiersPerEvent: 1.3,
  hashMicroseconds: 7.2,
  processorsPerUnit: 4,
};

/** What is billed of one run: units by what they are of. */
export type Spent = Readonly<Partial<Record<Unit, number>>>;

/** What an erasure of so many people costs: of the profile table and the list, and of the lake. */
export interface ErasureCost {
  readonly people: number;
  readonly table: Spent;
  readonly lake: Spent;
}

export const dollarsOf = (spent: Spent): number =>
  Object.entries(spent).reduce((sum, [unit, number]) => sum + number * prices[unit as Unit].dollars, 0);

/** One object in memory, with S3's conditions; each request is counted. */
function countedList(count: (unit: Unit) => void): OfficerPlace['s3'] {
  let kept: { readonly bytes: Uint8Array; readonly tag: string } | undefined;
  let made = 0;
  const send = async (command: unknown): Promise<object> => {
    if (command instanceof PutObjectCommand) {
      count('s3Put');
      kept = { bytes: command.input.Body as Uint8Array, tag: `"${++made}"` };
      return {};
    }
    if (!(command instanceof GetObjectCommand)) throw new Error('the list is only read and written');
    count('s3Get');
    const found = command.input.Key?.startsWith('barriers/') ? kept : undefined;
    if (found === undefined) throw new NoSuchKey({ message: 'no such key', $metadata: {} });
    return { ETag: found.tag, Body: { transformToByteArray: async () => found.bytes } };
  };
  return { send } as unknown as OfficerPlace['s3'];
}

/** Four calls of a person, by which a device and an account of the shop became one profile. */
function callsOf(n: number): Event[] {
  const shared = { sourceId: 'shop', timestamp: '2026-05-01T10:00:00.000Z', receivedAt: '2026-05-01T10:00:01.000Z' };
  const [userId, anonymousId] = [`person-${n}`, `device-${n}`];
  const traits = { email: `person-${n}@example.com`, first_name: 'Ann', plan: 'free' };
  const calls = [
    { type: 'page', anonymousId, name: 'Home' },
    { type: 'identify', userId, traits },
    { type: 'identify', userId, anonymousId },
    { type: 'track', userId, event: 'Order Completed', properties: { revenue: 20, currency: 'USD' } },
  ];
  return calls.map((call, at) => ({ ...shared, ...call, messageId: `${n}-${at}` }) as Event);
}

async function madePeople(db: MemoryDynamoDb, people: number): Promise<void> {
  const table = profileTable(db.client, tableName, identifierKey(secret), noPause);
  const kept = async () => ({ ok: true as const });
  const handler = createHandler({
    ...{ config, registry: async () => undefined, newProfileId, pause: noPause, quarantine: kept, append: kept },
    ...{ load: table.load, write: table.write, release: table.release },
    ...{ count: () => {}, countSuppressed: () => {}, warn: () => {} },
  });
  for (let n = 0; n < people; n++) for (const call of callsOf(n)) await handler(kinesisEvent([recordOf([call])]));
}

/** Erases people by the code that does it, over a table in memory that counts what would be billed. */
async function tableCost(people: number): Promise<Spent> {
  const stored = new MemoryDynamoDb();
  await madePeople(stored, people);
  const meter = new Meter();
  let calls = 0;
  const heard = dynamoListener(meter, 'table');
  const db = stored.heardBy({ ...heard, call: () => void calls++ });
  const s3 = countedList((unit) => {
    calls += 1;
    meter.count('list', unit, 1);
  });
  const officer = deployedOfficer(config, {
    ...{ documents: db.client, s3, profileTable: tableName, lakeBucket: 'lake', identifierKeySecret: secret },
    retention: JSON.stringify(defaultRetention),
    // An erasure says nothing for the person.
    send: async () => {
      throw new Error('an erasure sends no event');
    },
  });
  const filing = { type: 'erasure', regulation: 'gdpr', submittedAt: '2026-05-01T11:00:00.000Z' } as const;
  for (let n = 0; n < people; n++) {
    const requestId = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    await officer.file({ requestId, ...filing }, [`user_id:person-${n}`]);
    const { tableEmptiedAt } = await officer.run(requestId);
    if (tableEmptiedAt === undefined) throw new Error('the table still has the person');
  }
  const bill = meter.bill(1e6);
  const units = (['dynamoRead', 'dynamoWrite', 's3Get', 's3Put'] as const).map((unit) => [unit, bill.units(unit)]);
  // Half a gigabyte that waits for each call.
  return { ...Object.fromEntries(units), lambdaArmSecond: calls * assumptions.dynamoCall * 0.5 };
}

/** What a run of the lake's eraser reads and writes: all sightings once, and each file that has one of these people. */
export function lakeCost(people: number, of = lakeAssumptions): Spent {
  const sightings = of.events * of.sightingBytes;
  const files = (bytes: number) => Math.ceil(bytes / of.fileBytes);
  const touchedOf = (bytes: number): number => {
    const all = files(bytes);
    return Math.min(all, all * (1 - (1 - 1 / all) ** (people * of.eventsPerPerson)));
  };
  const touched = touchedOf(of.events * of.eventBytes) + touchedOf(sightings);
  const rewritten = touched * of.fileBytes;
  const seconds =
    (sightings + rewritten) / of.readBytesPerSecond +
    rewritten / of.writtenBytesPerSecond +
    of.events * of.identifiersPerEvent * of.hashMicroseconds * 1e-6;
  return {
    s3Get: files(sightings) + touched,
    s3Put: touched,
    // The files of before stay for a week.
    s3GbMonth: (rewritten / 2 ** 30) * (7 / 30),
    glueHour: seconds / of.processorsPerUnit / 3600,
  };
}

/** Counts what it costs to erase so many people in one run. */
export const erasureCost = async (people: number): Promise<ErasureCost> => ({
  people,
  table: await tableCost(people),
  lake: lakeCost(people),
});
