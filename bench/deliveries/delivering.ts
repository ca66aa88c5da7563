import { parseConfig } from '../../lambdas/core/config/config.ts';
import type { Destination } from '../../lambdas/core/destinations/definition.ts';
import { parcelsOf } from '../../lambdas/core/destinations/forwarding/parcel.ts';
import { sum } from '../../lambdas/core/segments/language/compute.ts';
import { trait } from '../../lambdas/core/segments/language/people.ts';
import { seededRandom } from '../../local/demo/shop/random.ts';
import type { Item } from '../../test/fakes/condition-expression.ts';
import { recordOf } from '../../test/fakes/kinesis.ts';
import { inBatches, now, stamped, userId } from '../events/crowd.ts';
import { sampleCall } from '../events/sample-events.ts';
import { type Bill, Meter } from '../metering/meter.ts';
import { type DeliverCase, meteredDeliver } from '../metering/metered-deliver.ts';
import { meteredStitch } from '../metering/metered-stitch.ts';

/** What is told, and how many messages come to one invocation. */
export interface DeliveringCase extends DeliverCase {
  readonly told: 'changes' | 'events' | 'traits';
  readonly messages: number;
  readonly deliveries: number;
  readonly seed: number;
}

/** What deliveries cost per million, without what brought them to the queue. */
export interface Delivered {
  readonly bill: Bill;
  readonly requestsPerDelivery: number;
}

const config = parseConfig({
  sources: [{ id: 'web', kind: 'server', writeKey: 'a-write-key-of-the-bench' }],
  segments: [{ key: 'readers', name: 'Read our letter', where: trait('newsletter').equals(true) }],
  traits: [{ key: 'spent', compute: sum('Product Added', 'price') }],
  destinations: [
    { id: 'tool', kind: 'webhook', segments: ['readers'], events: {} },
    { id: 'told-values', kind: 'webhook', traits: ['spent'] },
  ],
});
const [tool, toldValues] = config.destinations as [Destination, Destination];

/** Delivers changes of people who enter and leave a segment, or forwarded events. */
export async function deliveringCostOf(asked: DeliveringCase): Promise<Delivered> {
  const { told, messages, deliveries, seed } = asked;
  const meter = new Meter();
  const stitch = meteredStitch(new Meter(), config, 0);
  const destination = told === 'traits' ? toldValues : tool;
  const { deliver, counts } = meteredDeliver(meter, { config, destination, table: stitch.table }, asked);
  const bodies =
    told === 'events'
      ? [eventBodies(deliveries, seed)]
      : newsBodies(stitch.batch, { told, people: deliveries / 2, seed });
  for await (const queued of bodies)
    for (const some of inBatches(queued, messages)) {
      if (told !== 'events') meter.count('queue', 'sqsRequest', some.length);
      await deliver(some);
    }
  return { bill: meter.bill(counts.told), requestsPerDelivery: counts.requests / counts.told };
}

interface News {
  readonly told: 'changes' | 'traits';
  readonly people: number;
  readonly seed: number;
}

/** Everybody enters, and then everybody leaves; or everybody buys something, and then something more. */
async function* newsBodies(stitch: ReturnType<typeof meteredStitch>['batch'], { told, people, seed }: News) {
  const random = seededRandom(seed);
  for (const newsletter of [true, false]) {
    const calls = Array.from({ length: people }, (_, n) =>
      sampleCall(random, {
        ...{ userId: userId(n), at: now + n, bytes: 800 },
        ...(told === 'changes' ? { type: 'identify', traits: { newsletter } } : { events: ['Product Added'] }),
      }),
    );
    const bodies: string[] = [];
    for (const some of inBatches(calls, 100)) {
      const { written } = await stitch([recordOf(some.map(stamped))]);
      bodies.push(...written.flatMap((row) => bodiesOf(row, told)));
    }
    yield bodies;
  }
}

/** Messages about memberships, or about computed traits. */
const bodiesOf = ({ profileId, changes }: Item, told: News['told']): string[] =>
  (JSON.parse(String(changes ?? '[]')) as object[]).flatMap((change) =>
    'trait' in change === (told === 'traits') ? [JSON.stringify({ detail: { profileId, ...change } })] : [],
  );

const eventBodies = (events: number, seed: number): string[] => {
  const random = seededRandom(seed);
  return parcelsOf(
    Array.from({ length: events }, (_, n) =>
      JSON.stringify(stamped(sampleCall(random, { userId: userId(n % 1_000), at: now + n, bytes: 900 }))),
    ),
  );
};
