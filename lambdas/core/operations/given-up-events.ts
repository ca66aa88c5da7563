import { platformSource } from '../contract/signals.ts';
import { packLines } from '../events/stream-record.ts';
import { type Candidate, readCandidate } from '../replay/candidate.ts';
import { replayRecords, type SourcedRecord } from '../replay/records.ts';

/**
 * Makes of the lines of given-up records what the event stream is to have again. Events are marked as sent again, so that what was applied of the batch is not applied twice, however old it
 * is; what the platform's own jobs say guards itself, and a line that is no event goes to quarantine by way of stitch: both go as they are.
 */
export function givenUpEvents(texts: readonly string[]): SourcedRecord[] {
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
  return [...replayRecords(candidates, 'raw'), ...others];
}
