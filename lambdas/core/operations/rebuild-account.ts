import type { Event } from '../events/event.ts';
import type { Sighting } from '../stitching/batch/sighting.ts';

/** Outcomes of an event. For a group call, which has a person and an account, the later outcome in this list counts. */
const outcomes = ['repeated', 'applied', 'suppressed', 'nobody', 'capped', 'refused', 'faulty'] as const;
type Outcome = (typeof outcomes)[number];

/** Counts events and their outcomes; each event has one outcome, and an event without one is missing. */
export class RebuildAccount {
  private readonly found = new Map<Event, Outcome>();

  private readonly events: readonly Event[];

  constructor(events: readonly Event[]) {
    this.events = events;
  }

  settle(outcome: Outcome, of: readonly Pick<Sighting, 'event'>[]): void {
    for (const { event } of of) {
      const before = this.found.get(event);
      if (before === undefined || outcomes.indexOf(outcome) > outcomes.indexOf(before)) this.found.set(event, outcome);
    }
  }

  get counts(): Readonly<Record<Outcome | 'missing', number>> {
    const counts = { repeated: 0, applied: 0, suppressed: 0, nobody: 0, capped: 0, refused: 0, faulty: 0, missing: 0 };
    for (const event of this.events) counts[this.found.get(event) ?? 'missing'] += 1;
    return counts;
  }
}
