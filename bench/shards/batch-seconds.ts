import type { Random } from '../../local/demo/shop/random.ts';
import { secondsOfBatch } from '../cost/scale.ts';
import type { ProfileTable } from './profile-table.ts';
import type { Scenario } from './scenario.ts';
import type { StreamRecord } from './stream-record.ts';

const positions = 2 ** 32;

/**
 * Seconds that stitch takes for a batch, by counted calls, measured processor time and what the table makes it wait;
 * and that wait alone.
 */
export function batchSeconds(
  records: readonly StreamRecord[],
  { mixed, eventsPerRecord, units, secondsPerWrite }: Scenario,
  { table, random, at }: { readonly table: ProfileTable; readonly random: Random; readonly at: number },
): { readonly seconds: number; readonly throttled: number } {
  const events = records.length * eventsPerRecord;
  const profiles = mixed
    ? Array.from({ length: events }, () => random.below(positions))
    : new Set(records.map(({ position }) => position));
  let touches = 0;
  let throttled = 0;
  for (const position of profiles) {
    touches += 1;
    throttled = Math.max(throttled, table.touch(position, units, at));
  }
  return { seconds: secondsOfBatch({ events, touches }, secondsPerWrite) + throttled, throttled };
}
