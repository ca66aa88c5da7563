import type { Event } from '../events/event.ts';
import type { Sighting } from '../stitching/sighting.ts';

/** What became of an event. Of a group call, which is of a person and of an account, the later of these counts. */
const outcomes = ['repeated', 'applied', 'nobody', 'capped', 'refused', 'faulty'] as const;
type Outcome = (typeof outcomes)[number];

/** Keeps account of events that are taken in: each has one outcome, and what has none is missing. */
export class RebuildAccount {
  private readonly found = new Map<Event, Outcome>();

  constructor(private readonly events: readonly Event[]) {}

  settle(outcome: Outcome, of: readonly Pick<Sighting, 'event'>[]): void {
    for (const { event } of of) {
      const before = this.found.get(event);
      if (before === undefined || outcomes.indexOf(outcome) > outcomes.indexOf(before)) this.found.set(event, outcome);
    }
  }

  get counts(): Readonly<Record<Outcome | 'missing', number>> {
    const counts = { repeated: 0, applied: 0, nobody: 0, capped: 0, refused: 0, faulty: 0, missing: 0 };
    for (const event of this.events) counts[this.found.get(event) ?? 'missing'] += 1;
    return counts;
  }
}
