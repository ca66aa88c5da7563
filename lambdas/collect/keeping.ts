import type { PutOutcome } from '../adapters/retry-failed-entries.ts';
import type { Source } from '../core/config.ts';
import { formatInstant } from '../core/instant.ts';
import { type Quarantined, quarantineLine } from '../core/quarantine-line.ts';
import { packLines } from '../core/record.ts';
import { isObject, type Refusal } from '../core/submission.ts';
import type { IntakeDeps } from './intake.ts';

/** Something that was not accepted, why, and where it stood. */
export type Refused = Pick<Quarantined, 'index' | 'field' | 'reason' | 'item'>;

/** Makes the step that keeps in quarantine what a known source sent and was not accepted; write keys are not kept. */
export const createKeeping =
  ({ quarantine, now }: Pick<IntakeDeps, 'quarantine' | 'now'>) =>
  async (source: Source, refused: readonly Refused[], receivedAt: number = now()): Promise<PutOutcome> => {
    const stamps = { stage: 'collect', receivedAt: formatInstant(receivedAt), sourceId: source.id } as const;
    return quarantine(packLines(refused.map(({ item, ...why }) => quarantineLine({ ...stamps, ...why, item: withoutKey(item) }))));
  };

/** A request that was refused as a whole: its events one by one, and what it says besides; or its text, where that is no JSON. */
export function partsOf({ message: reason }: Refusal, body: unknown): Refused[] {
  if (!isObject(body) || !Array.isArray(body.batch)) return [{ reason, item: body }];
  const { batch, ...rest } = body;
  const events = batch.map((item, index) => ({ index, reason, item }));
  return Object.keys(rest).length === 0 && events.length > 0 ? events : [{ reason, item: rest }, ...events];
}

function withoutKey(item: unknown): unknown {
  if (typeof item === 'string') return item.replace(/("writeKey"\s*:\s*"|\bwriteKey=)[^"&]*/g, '$1…');
  if (!isObject(item) || !Object.hasOwn(item, 'writeKey')) return item;
  const { writeKey: _writeKey, ...kept } = item;
  return kept;
}
