import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import pMap from 'p-map';
import type { EventPerson } from '../../adapters/dynamodb/event-person.ts';
import type { PutAside } from '../../adapters/lake/put-aside.ts';
import type { Forwarded } from '../../adapters/metrics/forward-metrics.ts';
import type { PutParcels } from '../../adapters/queues/destination-queues.ts';
import type { Purpose } from '../../core/consent/purpose.ts';
import { entryOf, parcelsOf } from '../../core/destinations/forwarding/parcel.ts';
import { mayTry, mustPutAside, type Refusal } from '../../core/destinations/forwarding/refusal.ts';
import { mayBeForwarded, type Receiver, type Route, routesOf } from '../../core/destinations/forwarding/route.ts';
import type { Event } from '../../core/events/event.ts';
import type { KeyedBarrierDeps, StopsKeyed } from '../../core/privacy/event-barriers.ts';
import { readRecords } from '../stitch/records.ts';

/** Everything that forward works with. */
export interface ForwardDeps extends KeyedBarrierDeps {
  readonly destinations: readonly Receiver[];
  /** What destinations may use data for. */
  readonly purposes?: readonly Purpose[] | undefined;
  readonly put: PutParcels;
  readonly putAside: PutAside;
  /** The key of an event's person, if it has one: it goes with the event, for deliver cannot make it. */
  readonly personOf: EventPerson;
  /** Counts events, once for each destination, and lines that are no events. */
  readonly count: (counts: Forwarded) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Logs what an operator must look at, without the person it is about. */
  readonly warn: (message: string, details: Record<string, string | number>) => void;
}

/** Queues that are written to at the same time. */
const concurrentQueues = 16;
/** Records that other queues took, and that come again; at most so many are remembered. */
const mostRemembered = 100_000;

/** A queue did not take its parcels, and waits. The stream delivers their batch again. */
class NotForwarded extends Error {
  override readonly name = 'NotForwarded';
}

/** A route with what this process remembers: records that are safe and come again, and how its queue refuses. */
interface Way extends Route {
  readonly taken: Set<string>;
  refusal: Refusal | undefined;
}

/**
 * Puts the events of a batch on the queues of the destinations that want them. Each event is parsed once, and packed
 * with others into few messages. Stitch puts a line that is no event into the quarantine, so it is only counted here.
 * When a queue takes nothing, the stream delivers the batch again, for a minute; then what the queue refuses is put
 * aside, and the others go on. This process does not repeat what is safe.
 */
export const createHandler = (deps: ForwardDeps) => {
  const ways: readonly Way[] = routesOf(deps.destinations, deps.purposes).map((route) => ({
    ...route,
    taken: new Set<string>(),
    refusal: undefined,
  }));
  return async ({ Records }: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const batch = batchOf(Records, await deps.barriers(), deps);
    const offered = await pMap(ways, (way) => offer(way, batch, deps), { concurrency: concurrentQueues });
    const sumOf = (kind: Offered['kind']): number =>
      offered.reduce((sum, each) => sum + (each.kind === kind ? each.events : 0), 0);
    deps.count({ forwarded: sumOf('forwarded'), putAside: sumOf('putAside'), unreadable: batch.unreadable });
    deps.countSuppressed(batch.suppressed);
    const refused = offered.flatMap((each) => (each.kind === 'refused' ? [each] : []));
    const [{ destination, error } = {}] = refused;
    if (destination !== undefined) {
      const details = { destination, error: error ?? '', queues: refused.length };
      deps.warn('a queue did not take events; the stream brings them back', details);
      throw new NotForwarded(error);
    }
    for (const { taken } of ways) for (const number of batch.numbers) taken.delete(number);
    return { batchItemFailures: [] };
  };
};

interface Leaving {
  readonly event: Event;
  readonly line: string;
  readonly sequenceNumber: string;
  /** The event with the key of its person. */
  readonly entry: string;
}

interface Batch {
  readonly numbers: readonly string[];
  /** Names the batch. */
  readonly origin: string;
  /** When its oldest record came in, in milliseconds since 1970. */
  readonly arrived: number;
  readonly leaving: readonly Leaving[];
  readonly unreadable: number;
  /** The sources of events about people who are kept out. */
  readonly suppressed: readonly string[];
}

function batchOf(records: readonly KinesisStreamRecord[], stops: StopsKeyed, { personOf }: ForwardDeps): Batch {
  // Conditions read doubles; what is forwarded is the line itself.
  const { events, unreadable, originOf } = readRecords(records, JSON.parse);
  const numbers = records.map(({ kinesis }) => kinesis.sequenceNumber);
  const suppressed: string[] = [];
  const leaving = events.filter(mayBeForwarded).flatMap((event) => {
    const person = personOf(event);
    if (stops(person, event.timestamp) !== undefined) {
      suppressed.push(event.sourceId);
      return [];
    }
    const origin = originOf.get(event);
    if (origin === undefined) return [];
    return [{ event, ...origin, entry: entryOf(origin.line, person) }];
  });
  const arrivals = records.map(({ kinesis }) => kinesis.approximateArrivalTimestamp * 1_000);
  const origin = `${records[0]?.eventID}-${numbers.at(-1)}`;
  return { numbers, origin, arrived: Math.min(...arrivals), leaving, unreadable: unreadable.length, suppressed };
}

/** What became of a batch's events for one destination. */
type Offered =
  | { readonly kind: 'forwarded' | 'putAside'; readonly events: number }
  | { readonly kind: 'refused'; readonly events: 0; readonly destination: string; readonly error: string };

async function offer(way: Way, batch: Batch, deps: ForwardDeps): Promise<Offered> {
  const { destination, wants, taken } = way;
  const wanted = batch.leaving.filter(({ event, sequenceNumber }) => !taken.has(sequenceNumber) && wants(event));
  const parcels = parcelsOf(wanted.map(({ entry }) => entry));
  const error = await refusalOf(way, parcels, deps);
  if (error !== undefined) {
    const { now, putAside } = deps;
    const refused = { kind: 'refused', events: 0, destination, error } as const;
    if (way.refusal === undefined || !mustPutAside(way.refusal, batch.arrived, now())) return refused;
    const aside = await putAside({ destination, parcels, reason: error, origin: batch.origin });
    if (!aside.ok) return { ...refused, error: aside.error };
    deps.warn('a queue does not take events; they are put aside', { destination, error, events: wanted.length });
  }
  if (taken.size > mostRemembered) taken.clear();
  for (const number of batch.numbers) taken.add(number);
  return { kind: error === undefined ? 'forwarded' : 'putAside', events: wanted.length };
}

/** Why a queue does not have the parcels; undefined if it has them. */
async function refusalOf(way: Way, parcels: readonly string[], { put, now }: ForwardDeps): Promise<string | undefined> {
  if (parcels.length === 0) return undefined;
  if (!mayTry(way.refusal, now())) return 'it has refused for a minute';
  const begun = now();
  const outcome = await put(way.destination, parcels);
  way.refusal = outcome.ok ? undefined : { since: way.refusal?.since ?? begun, tried: now() };
  return outcome.ok ? undefined : outcome.error;
}
