import { shardPerson } from '../events/shard-person.ts';
import { type Packed, packLines } from '../events/stream-record.ts';
import type { Candidate } from './candidate.ts';
import { type ReplayZone, replayLine } from './line.ts';

/** A record of the event stream, and the source of its events. */
export interface SourcedRecord extends Packed {
  readonly sourceId: string;
}

/** Makes records as collect does: lines of one source and person in order, in as few records as the limit allows. */
export function replayRecords(candidates: readonly Candidate[], replayed: ReplayZone | 'forward'): SourcedRecord[] {
  const groups = Map.groupBy(candidates, ({ event }) => JSON.stringify([event.sourceId, shardPerson(event)]));
  return [...groups.values()].flatMap((group) => {
    const sourceId = group[0]?.event.sourceId ?? '';
    const lines = group.map(({ event, json }) => ({ json: replayLine(json, replayed), person: shardPerson(event) }));
    return packLines(lines).map((packed) => ({ ...packed, sourceId }));
  });
}
