import type { CountUnapplied } from '../../adapters/metrics/stitch-metrics.ts';
import type { PutLines } from '../../adapters/streams/delivery-stream.ts';
import type { Event } from '../../core/events/event.ts';
import { faultReason } from '../../core/events/event-fault.ts';
import { type Quarantined, quarantineLine } from '../../core/events/quarantine-line.ts';
import { packLines } from '../../core/events/stream-record.ts';
import { type Capped, capEntry } from '../../core/stitching/batch/capped.ts';
import type { Sighting } from '../../core/stitching/batch/sighting.ts';
import type { Faulty } from '../../core/stitching/isolation.ts';
import type { Unreadable } from './records.ts';

/** Where events of a batch that cannot be applied go. */
export interface AsideDeps {
  readonly quarantine: PutLines;
  /** Appends to the identity log what caps kept out. A profile's own write carries everything else about identity. */
  readonly append: PutLines;
  readonly count: CountUnapplied;
}

/** The quarantine did not take events that can never be applied. The stream delivers their batch again. */
class NotQuarantined extends Error {
  override readonly name = 'NotQuarantined';
}

/** The identity log did not take the decision of a cap. The stream delivers the batch again. */
class NotLogged extends Error {
  override readonly name = 'NotLogged';
}

/**
 * Writes events of one batch to quarantine, each once, with its reason. When a call returns, the events are safe. All
 * calls throw NotQuarantined.
 */
export function batchAside({ quarantine, append, count }: AsideDeps) {
  const known = new Set<Event>();

  async function put(items: readonly Omit<Quarantined, 'stage'>[]): Promise<void> {
    if (items.length === 0) return;
    const outcome = await quarantine(packLines(items.map((item) => quarantineLine({ stage: 'stitch', ...item }))));
    if (!outcome.ok) throw new NotQuarantined(outcome.error);
    count({ quarantined: items.length });
  }

  /** A group call has two sightings and is one event. */
  function putEvents(reasons: ReadonlyMap<Event, string>): Promise<void> {
    const fresh = [...reasons].filter(([event]) => !known.has(event));
    for (const [event] of fresh) known.add(event);
    return put(
      fresh.map(([event, reason]) => ({ sourceId: event.sourceId, receivedAt: event.receivedAt, reason, item: event })),
    );
  }

  return {
    unreadable: (lines: readonly Unreadable[]) => put(lines),
    sightings: (sightings: readonly Sighting[], reason: string) =>
      putEvents(new Map(sightings.map(({ event }) => [event, reason]))),
    faulty: (faulty: readonly Faulty[]) =>
      putEvents(new Map(faulty.map(({ event, cause }) => [event, faultReason(cause, event)]))),
    /**
     * Writes to the identity log first, so that the log has every event that a cap put in quarantine. @throws NotLogged
     */
    async capped(capped: readonly Capped[]): Promise<void> {
      if (capped.length === 0) return;
      const logged = await append(packLines(capped.map((each) => ({ json: JSON.stringify(capEntry(each)) }))));
      if (!logged.ok) throw new NotLogged(logged.error);
      await putEvents(new Map(capped.map(({ sighting, rule }) => [sighting.event, rule])));
      count({ capped: capped.length });
    },
  };
}
export type BatchAside = ReturnType<typeof batchAside>;
