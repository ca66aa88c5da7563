import type { Event } from '../../lambdas/core/events/event.ts';
import type { Identifier } from '../../lambdas/core/identifiers/identifier.ts';
import { markOf } from '../../lambdas/core/profile/message-key.ts';
import type { Profile, ProfileId } from '../../lambdas/core/profile/profile.ts';
import { type HistoryLine, takeHistory } from '../../lambdas/core/segments/history/history.ts';
import type { AggregateRegistry, Frozen } from '../../lambdas/core/segments/history/registry.ts';
import { programOf } from '../../lambdas/core/segments/program/compile.ts';
import type { BringingRules } from '../../lambdas/core/stitching/history.ts';
import type { SegmentPlay } from '../core/stitching/segment-play.ts';
import type { MemoryTable } from '../fakes/memory-table.ts';

/** What the lake writes down of one person. */
export type Line = Pick<HistoryLine, 'identifiers' | 'events'>;

/**
 * What the lake has: of each person all that was received, also what nobody has stitched yet; but nobody of whom the
 * new aggregates keep nothing.
 */
export function linesOf({ told, table, held }: SegmentPlay, rules: BringingRules): Line[] {
  const people = table.live().map((profile) => {
    const ids = [profile.profileId, ...profile.merged.keys()];
    const events = ids.flatMap((id) => told.get(id) ?? []).map(({ event }) => event);
    const late = held.filter((event) => ownerOf(event, table) === profile.profileId);
    return { identifiers: [...profile.identifiers.keys()], events: [...events, ...late] };
  });
  const strangers = [...Map.groupBy(unowned({ table, held }), identifierOf)].map(([id, events]) => ({
    identifiers: [id],
    events,
  }));
  return [...people, ...strangers]
    .map(({ identifiers, events }) => ({ identifiers, events: events.map(lineOf) }))
    .filter((line) => isRead(line, rules));
}

/** Events that wait, of people without a profile. */
const unowned = ({ table, held }: Pick<SegmentPlay, 'table' | 'held'>): Event[] =>
  held.filter((event) => ownerOf(event, table) === undefined);

/**
 * Events that had no profile when a run was over, so that it could bring them to nobody. It is a known limit that they
 * do not count in the aggregates of that run, although the lake has them.
 */
export class MissedEvents {
  private readonly runs = new Map<Event, number>();

  note(play: SegmentPlay, { generation }: Frozen): void {
    for (const event of unowned(play)) this.runs.set(event, generation);
  }

  /** Whether an aggregate of that run would count such an event of a profile. */
  isFeltBy({ profileId, merged }: Profile, { told }: SegmentPlay, { aggregates }: AggregateRegistry): boolean {
    const events = [profileId, ...merged.keys()].flatMap((id) => told.get(id) ?? []).map(({ event }) => event);
    const cuts = [...aggregates.values()];
    return events.some((event) => {
      const run = this.runs.get(event) ?? 0;
      return cuts.some(({ generation, cut }) => generation <= run && cut !== undefined && event.receivedAt < cut);
    });
  }
}

/** The live profile whose an event will be. */
export function ownerOf(event: Event, { owners, items }: MemoryTable): ProfileId | undefined {
  let id = owners.get(identifierOf(event));
  for (let item = id && items.get(id); item; item = id && items.get(id)) {
    if (item.kind === 'profile') return item.profile.profileId;
    id = item.mergedInto;
  }
  return undefined;
}

function isRead({ events }: Line, rules: BringingRules): boolean {
  const kept = new Map();
  const { registry } = rules;
  takeHistory(kept, events, { program: programOf(rules), registry, frozen: registry.frozen });
  return kept.size > 0;
}

const identifierOf = ({ anonymousId }: Event): Identifier => `anonymous_id:${anonymousId}`;

const lineOf = (event: Event): Line['events'][number] => ({
  type: event.type,
  ...(event.type === 'track' && { event: event.event, properties: event.properties }),
  ...(event.type === 'identify' && { traits: event.traits }),
  at: Date.parse(event.timestamp),
  receivedAt: Date.parse(event.receivedAt),
  mark: markOf(event),
});
