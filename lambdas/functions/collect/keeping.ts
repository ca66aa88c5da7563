import type { PutLines } from '../../adapters/streams/delivery-stream.ts';
import type { PutOutcome } from '../../adapters/streams/retry-failed-entries.ts';
import { type Quarantined, quarantineLine } from '../../core/events/quarantine-line.ts';
import { inParts } from '../../core/events/quarantine-parts.ts';
import { packLines } from '../../core/events/stream-record.ts';
import type { Refusal } from '../../core/events/submission.ts';
import { keptWithoutClient } from '../../core/events/without-client.ts';
import { type BarrierDeps, type StopsEvent, stopsRefused } from '../../core/privacy/event-barriers.ts';
import type { Source } from '../../core/sources/definition.ts';
import { isObject } from '../../core/values/json.ts';
import { formatInstant } from '../../core/values/time.ts';

/** An item that was not accepted, with its reason and its position in the batch. */
type Refused = Omit<Quarantined, 'stage' | 'sourceId' | 'receivedAt'>;

/** Everything the quarantine step works with. `now` is milliseconds since 1970. */
interface KeepingDeps {
  readonly quarantine: PutLines;
  readonly now: () => number;
  readonly countSuppressed: BarrierDeps['countSuppressed'];
}

/**
 * Makes the step that writes a known source's refused items to quarantine, without write keys, and without those about
 * people who are kept out.
 */
export const createKeeping =
  ({ quarantine, now, countSuppressed }: KeepingDeps) =>
  async (
    source: Source,
    all: readonly Refused[],
    { stops, receivedAt = now() }: { readonly stops: StopsEvent; readonly receivedAt?: number },
  ): Promise<PutOutcome> => {
    const received = { sourceId: source.id, receivedAt: formatInstant(receivedAt) };
    const refused = all.filter(({ item }) => !stopsRefused(item, received, stops));
    countSuppressed(Array.from({ length: all.length - refused.length }, () => source.id));
    if (refused.length === 0) return { ok: true };
    const stamps = { stage: 'collect', ...received } as const;
    const keptOf = (item: unknown): unknown =>
      source.clientAnonymous ? keptWithoutClient(withoutKey(item)) : withoutKey(item);
    const kept = refused.flatMap(({ item, ...why }) => inParts({ ...why, item: keptOf(item) }));
    return quarantine(packLines(kept.map((each) => quarantineLine({ ...stamps, ...each }))));
  };

/**
 * The items of a request that was refused as a whole: its events one by one, and its other fields. A body that is not
 * JSON is one item, its text.
 */
export function partsOf({ message: reason }: Refusal, body: unknown): Refused[] {
  if (!isObject(body) || !Array.isArray(body.batch)) return [{ reason, item: body }];
  const { batch, ...rest } = body;
  const events = batch.map((item, index) => ({ index, reason, item }));
  return Object.keys(rest).length === 0 && events.length > 0 ? events : [{ reason, item: rest }, ...events];
}

/** A client may send a batch to the path of a single call, so the items of `batch` lose their keys too. */
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
