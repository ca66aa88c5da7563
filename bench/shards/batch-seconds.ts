import type { Random } from '../../local/demo/shop/random.ts';
import { assumptions } from '../metering/assumptions.ts';
import type { ProfileTable } from './profile-table.ts';
import type { Record } from './record.ts';
import type { Scenario } from './scenario.ts';

const writesAtOnce = 16;
const megabytes = 1024;
const positions = 2 ** 32;

/**
 * Seconds that stitch takes for a batch, by counted calls, measured processor time and what the table makes it wait;
 * and that wait alone.
 */
export function batchSeconds(
  records: readonly Record[],
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
  const processor = Math.min(1, megabytes / assumptions.megabytesPerProcessor);
  const cpu = (touches * assumptions.stitchTouch + events * assumptions.stitchEvent) / processor;
  const calls = 2 * assumptions.dynamoCall + Math.ceil(touches / writesAtOnce) * secondsPerWrite;
  return { seconds: cpu + calls + throttled, throttled };
}
