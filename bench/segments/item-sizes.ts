import { type CdpConfig, parseConfig } from '../../lambdas/core/config/config.ts';
import { programOf } from '../../lambdas/core/segments/program/compile.ts';
import { seededRandom } from '../../local/demo/shop/random.ts';
import { itemSize } from '../../test/fakes/item-size.ts';
import { kinesisEvent, recordOf } from '../../test/fakes/kinesis.ts';
import { MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { windowedSegments } from '../cost/windowed.ts';
import { now, stamped, stitchInto, userId } from '../events/crowd.ts';
import { sampleCall } from '../events/sample-events.ts';
import type { Table } from '../report/table.ts';
import { config } from '../speed/stitch.ts';

/** Bytes of a profile's item after so many events, one every two hours, with ten segments over windows and without. */
export interface ItemSizes {
  readonly events: number;
  readonly without: number;
  readonly withWindows: number;
}

const windowed = parseConfig({ ...config, destinations: [], segments: windowedSegments });
/** What ten such segments may take of an item, before it is compressed. */
const worst = programOf(windowed).worstBytes;

/** Sizes after 5, 50 and 500 events. */
export const itemSizes = (seed: number): Promise<ItemSizes[]> =>
  Promise.all(
    [5, 50, 500].map(async (events) => ({
      events,
      without: await sizeAfter(events, { ...config, segments: [] }, seed),
      withWindows: await sizeAfter(events, windowed, seed),
    })),
  );

async function sizeAfter(events: number, rules: CdpConfig, seed: number): Promise<number> {
  const random = seededRandom(seed);
  const table = new MemoryDynamoDb();
  const stitch = stitchInto(table, rules);
  for (let n = events; n > 0; n -= 1)
    await stitch(
      kinesisEvent([
        recordOf([stamped(sampleCall(random, { userId: userId(0), at: now - n * 7_200_000, bytes: 800 }))]),
      ]),
    );
  return Math.max(...[...table.rows('profiles').values()].map(itemSize));
}

/** The sizes to read. */
export const sizeTable = (sizes: readonly ItemSizes[]): Table => ({
  title: 'Bytes of an item in the table, with ten segments over windows and without',
  columns: ['events', 'without', 'with', 'more'],
  rows: sizes.map(({ events, without, withWindows }) =>
    [events, without, withWindows, withWindows - without].map((value) => value.toLocaleString('en-US')),
  ),
  notes: [
    `At worst, ten such segments take ${worst.toLocaleString('en-US')} bytes before an item is compressed; synth refuses more than 48 KB.`,
  ],
});
