import { platformSource } from '../contract/signals.ts';
import { packLines } from '../events/stream-record.ts';
import { type Candidate, readCandidate } from '../replay/candidate.ts';
import { replayRecords, type SourcedRecord } from '../replay/records.ts';

/**
 * Turns lines of failed records into records to send again. Events are marked as replayed, so no event is applied
 * twice, however old it is. Corrections of the platform's jobs guard themselves, and stitch quarantines unreadable
 * lines, so both stay unchanged. Events that forward gave up are forwarded, and applied to no profile again.
 */
export function givenUpEvents(texts: readonly string[], replayed: 'raw' | 'forward' = 'raw'): SourcedRecord[] {
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '');
  const candidates: Candidate[] = [];
  const asTheyAre: string[] = [];
  for (const json of lines) {
    const candidate = readCandidate(json, 'raw');
    if (candidate === undefined || candidate.event.sourceId === platformSource) asTheyAre.push(json);
    else candidates.push(candidate);
  }
  const others = packLines(asTheyAre.map((json) => ({ json }))).map((packed) => ({
    ...packed,
    sourceId: platformSource,
  }));
  return [...replayRecords(candidates, replayed), ...others];
}
