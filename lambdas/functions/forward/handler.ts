import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import pMap from 'p-map';
import type { PutParcels } from '../../adapters/queues/destination-queues.ts';
import { parcelsOf } from '../../core/destinations/forwarding/parcel.ts';
import { mayBeForwarded, type Receiver, routesOf } from '../../core/destinations/forwarding/route.ts';
import { readRecords } from '../stitch/records.ts';

/** Everything that forward works with. */
export interface ForwardDeps {
  readonly destinations: readonly Receiver[];
  readonly put: PutParcels;
  /** Counts forwarded events, once for each destination, and lines that are no events. */
  readonly count: (forwarded: number, unreadable: number) => void;
  /** Logs what an operator must look at, without the person it is about. */
  readonly warn: (message: string, details: Record<string, string | number>) => void;
}

/** Queues that are written to at the same time. */
const concurrentQueues = 16;
/** Records that other queues took, and that come again; at most so many are remembered. */
const mostRemembered = 100_000;

/** A queue did not take its parcels. The stream delivers their batch again. */
class NotForwarded extends Error {
  override readonly name = 'NotForwarded';
}

/**
 * Puts the events of a batch on the queues of the destinations that want them. Each event is parsed once, and packed
 * with others into few messages. Stitch puts a line that is no event into the quarantine, so it is only counted here.
 * When a queue takes nothing, the stream delivers the batch again, and this process does not repeat what other queues
 * took.
 */
export const createHandler = ({ destinations, put, count, warn }: ForwardDeps) => {
  const routes = routesOf(destinations).map((route) => ({ ...route, taken: new Set<string>() }));
  return async ({ Records }: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    // Conditions read doubles; what is forwarded is the line itself.
    const { events, unreadable, originOf } = readRecords(Records, JSON.parse);
    const numbers = Records.map(({ kinesis }) => kinesis.sequenceNumber);
    const leaving = events.filter(mayBeForwarded).flatMap((event) => {
      const origin = originOf.get(event);
      return origin === undefined ? [] : [{ event, ...origin }];
    });
    let forwarded = 0;
    const tried = await pMap(
      routes,
      async ({ destination, wants, taken }) => {
        const wanted = leaving.filter(({ event, sequenceNumber }) => !taken.has(sequenceNumber) && wants(event));
        const outcome = await put(destination, parcelsOf(wanted.map(({ line }) => line)));
        if (!outcome.ok) return [{ destination, error: outcome.error }];
        if (taken.size > mostRemembered) taken.clear();
        for (const number of numbers) taken.add(number);
        forwarded += wanted.length;
        return [];
      },
      { concurrency: concurrentQueues },
    );
    count(forwarded, unreadable.length);
    const [refused] = tried.flat();
    if (refused !== undefined) {
      warn('a queue did not take events; the stream brings them back', { ...refused, queues: tried.flat().length });
      throw new NotForwarded(refused.error);
    }
    for (const { taken } of routes) for (const number of numbers) taken.delete(number);
    return { batchItemFailures: [] };
  };
};
