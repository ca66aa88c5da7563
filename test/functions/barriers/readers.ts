import type { SQSEvent } from 'aws-lambda';
import { eventPerson } from '../../../lambdas/adapters/dynamodb/event-person.ts';
import { entryOf, parcelsOf, readParcel } from '../../../lambdas/core/destinations/forwarding/parcel.ts';
import { createHandler as createForward } from '../../../lambdas/functions/forward/handler.ts';
import { noProgress } from '../../../lambdas/operations/lake-walk.ts';
import { unlessStopped } from '../../../lambdas/operations/privacy/unless-stopped.ts';
import { readRequest, replay } from '../../../lambdas/operations/replay.ts';
import { sendEvents } from '../../../lambdas/operations/send-given-up.ts';
import { kinesisEvent } from '../../fakes/kinesis.ts';
import { secret } from '../../fakes/memory-barrier-file.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';
import type { Barred } from '../../fixtures/in-memory/barred.ts';
import { collectInMemory, post } from '../../fixtures/in-memory/collect.ts';
import { deliverInMemory } from '../../fixtures/in-memory/deliver.ts';
import { importWorld, timeLeft } from '../../fixtures/in-memory/import.ts';
import { recordOf, topicsWorld } from '../../fixtures/in-memory/topics.ts';
import { webhookCollect } from '../../fixtures/in-memory/webhook-collect.ts';
import { lakeObjects } from '../../fixtures/lake-objects.ts';
import { vendorNamed } from '../../fixtures/vendors.ts';

/** The people of calls: who is suppressed, who was erased after these calls, and somebody whom nothing stops. */
const people = ['ann', 'zoe', 'bob'] as const;
const before = '2026-05-01T10:00:00.000Z';
const call = (userId: string) => ({ type: 'track', event: 'Visit', userId, timestamp: before });
/** A call that nobody accepts, because it has no name. */
const faulty = (userId: string) => ({ ...call(userId), event: undefined });
const events = people.map((userId) => eventOf(call(userId)));
const personOf = eventPerson(configOf(), secret);
const keyed = ({ byKeys, countSuppressed }: Barred['deps']) => ({ barriers: byKeys, countSuppressed });
const line = (each: object): string => JSON.stringify(each);

/** What a reader lets through of calls of these people, good ones and, where it keeps those, bad ones. */
export interface Reader {
  readonly name: string;
  /** How many calls it drops and counts: bad ones, too, where it keeps them. A replay tells it in its progress. */
  readonly drops: number;
  readonly read: (deps: Barred['deps']) => Promise<readonly string[]>;
}

const receive = (body: string): SQSEvent =>
  ({
    Records: [
      {
        messageId: 'm',
        receiptHandle: 'r',
        body,
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: '0',
          ApproximateFirstReceiveTimestamp: '0',
        },
        messageAttributes: {},
      },
    ],
  }) as unknown as SQSEvent;

/** Every reader of events but stitch, which reads the items of identifiers, and jobs. */
export const readers: readonly Reader[] = [
  {
    name: 'collect',
    drops: 4,
    read: async (barred) => {
      const collect = collectInMemory({ barred });
      await collect.request(post('/v1/batch', { batch: [...people.map(call), ...people.map(faulty)] }));
      return [...collect.events().map(line), ...collect.quarantined().map(line)];
    },
  },
  {
    name: 'collect of sources that sign',
    drops: 2,
    read: async (barred) => {
      const now = Date.parse(before);
      const { secret: word, sign } = vendorNamed('Stripe');
      const mapping = { to: { ...call(''), userId: { '@path': '$.body.userId' } } };
      const source = { id: 'shop', kind: 'webhook', signature: { scheme: 'stripe' }, mappings: [mapping] };
      const collect = webhookCollect({ sources: [source], secrets: { shop: { secrets: [word] } }, now, barred });
      for (const userId of people) {
        const { headers, body } = await sign(line({ id: userId, type: 'visit', userId, created: now / 1000 }), now);
        await collect.request({
          path: '/v1/sources/shop',
          headers: { 'content-type': 'application/json', ...headers },
          body,
        });
      }
      return [...collect.events().map(line), ...collect.quarantined().map(line)];
    },
  },
  {
    name: 'import',
    drops: 4,
    read: async (barred) => {
      const world = importWorld([{ object: 'orders', rows: 'events' }]);
      const rows = [...people.map(call), ...people.map(faulty)].map((row, n) => ({
        row,
        place: { file: 'orders', line: n + 1 },
      }));
      await world.worker(undefined, barred)(world.stage(rows), timeLeft());
      return [...world.lines(), ...world.quarantine().map(line)];
    },
  },
  {
    name: 'topics',
    drops: 4,
    read: async (barred) => {
      const world = topicsWorld(undefined, undefined, undefined, barred);
      await world.take(
        [...people.map(call), ...people.map(faulty)].map((value, offset) => recordOf(value, { offset })),
      );
      return [...world.events().map(line), ...world.quarantine().map(line)];
    },
  },
  {
    name: 'forward',
    drops: 2,
    read: async (barred) => {
      const sent: string[] = [];
      const { destinations } = configOf({ destinations: [{ id: 'all', kind: 'webhook', events: {} }] });
      const put = async (_: string, parcels: readonly string[]) => {
        sent.push(...parcels.flatMap((body) => readParcel(body)?.events ?? []).map((each) => line(each as object)));
        return { ok: true } as const;
      };
      const unused = { putAside: async () => ({ ok: true }) as const, count: () => {}, now: () => 0, warn: () => {} };
      await createForward({ destinations, put, personOf, ...unused, ...keyed(barred) })(
        kinesisEvent([events.map(line).join('\n')]),
      );
      return sent;
    },
  },
  {
    name: 'deliver',
    drops: 2,
    read: async (barred) => {
      const told: string[] = [];
      const deliver = deliverInMemory({
        segments: new Set(),
        destination: {
          deliver: async (items) =>
            items.map(({ call: each }) => {
              told.push(line(each));
              return { kind: 'delivered', requests: 1 };
            }),
        },
        now: () => 0,
        ...keyed(barred),
      });
      for (const body of parcelsOf(events.map((event) => entryOf(line(event), personOf(event)))))
        await deliver(receive(body));
      return told;
    },
  },
  {
    name: 'replay',
    drops: 0,
    read: async (barred) => {
      const sent: string[] = [];
      const { walk } = lakeObjects({ 'raw/2026/05/01/10/a': events });
      const send = async (records: readonly { readonly text: string }[]) => {
        sent.push(...records.flatMap(({ text }) => text.trim().split('\n')));
        return { ok: true } as const;
      };
      const range = { from: '2026-05-01T00:00:00.000Z', to: '2026-05-02T00:00:00.000Z' };
      await replay(readRequest(range), walk, noProgress, { send, rest: async () => {}, ...barred });
      return sent;
    },
  },
  {
    name: 'redrive of batches that stitch or forward gave up',
    drops: 2,
    read: async (barred) => {
      const sent: string[] = [];
      const send = unlessStopped(async (records) => {
        sent.push(...records.flatMap(({ text }) => text.trim().split('\n')));
        return { ok: true };
      }, barred);
      const { Records: records } = kinesisEvent([events.map(line).join('\n')]);
      await sendEvents({ send, rest: async () => {} })(
        { from: 'stitch', reader: 'stitch', reason: '', records },
        'key',
      );
      return sent;
    },
  },
];
