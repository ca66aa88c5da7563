import type { PutLines } from '../../adapters/streams/delivery-stream.ts';
import type { PutOutcome } from '../../adapters/streams/retry-failed-entries.ts';
import { longestText, type Quarantined, quarantineLine } from '../../core/events/quarantine-line.ts';
import { packLines } from '../../core/events/stream-record.ts';
import { isObject, type Refusal } from '../../core/events/submission.ts';
import type { Source } from '../../core/sources/definition.ts';
import { formatInstant } from '../../core/values/time.ts';

/** Something that was not accepted, why, and where it stood. */
export type Refused = Pick<Quarantined, 'index' | 'field' | 'reason' | 'item'>;

/** What keeping works with; `now` is milliseconds since 1970. */
export interface KeepingDeps {
  readonly quarantine: PutLines;
  readonly now: () => number;
}

/** Makes the step that keeps in quarantine what a known source sent and was not accepted; write keys are not kept. */
export const createKeeping =
  ({ quarantine, now }: KeepingDeps) =>
  async (source: Source, refused: readonly Refused[], receivedAt: number = now()): Promise<PutOutcome> => {
    if (refused.length === 0) return { ok: true };
    const stamps = { stage: 'collect', receivedAt: formatInstant(receivedAt), sourceId: source.id } as const;
    const kept = refused.flatMap(({ item, ...why }) => inParts({ ...why, item: withoutKey(item) }));
    return quarantine(packLines(kept.map((each) => quarantineLine({ ...stamps, ...each }))));
  };

/** What is too long for one line is kept as text on several; what nests too deeply to be written out, cut on one. */
function inParts(refused: Refused): Refused[] {
  const { item, reason } = refused;
  const json = jsonOf(item);
  if (json === undefined || json.length <= longestText) return [refused];
  const parts = (typeof item === 'string' ? item : json).match(partOfText) ?? [];
  return parts.map((part, n) => ({
    ...refused,
    reason: `${reason}; got in ${parts.length} parts, this is part ${n + 1}`,
    item: part,
  }));
}

/** Characters of which each may take six when it is escaped; none is cut in two. */
const partOfText = /.{1,49000}/gsu;

function jsonOf(item: unknown): string | undefined {
  try {
    return JSON.stringify(item);
  } catch {
    return undefined;
  }
}

/** A request that was refused as a whole: its events one by one, and what it says besides; or its text, where that is no JSON. */
export function partsOf({ message: reason }: Refusal, body: unknown): Refused[] {
  if (!isObject(body) || !Array.isArray(body.batch)) return [{ reason, item: body }];
  const { batch, ...rest } = body;
  const events = batch.map((item, index) => ({ index, reason, item }));
  return Object.keys(rest).length === 0 && events.length > 0 ? events : [{ reason, item: rest }, ...events];
}

/** Somebody may send a batch where a single call is wanted, so its items are looked at, too. */
const withoutKey = (item: unknown): unknown =>
  isObject(item) && Array.isArray(item.batch)
    ? { ...(keyless(item) as object), batch: item.batch.map(keyless) }
    : keyless(item);

function keyless(item: unknown): unknown {
  if (typeof item === 'string') return item.replace(/("writeKey"\s*:\s*"|\bwriteKey=)[^"&]*/g, '$1…');
  if (!isObject(item) || !Object.hasOwn(item, 'writeKey')) return item;
  const { writeKey: _writeKey, ...kept } = item;
  return kept;
}
