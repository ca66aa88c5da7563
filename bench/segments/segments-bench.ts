import { parseConfig } from '../../lambdas/core/config/config.ts';
import { seededRandom } from '../../local/demo/shop/random.ts';
import { MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { windowedSegments } from '../cost/windowed.ts';
import { crowdOf, usualPerson } from '../events/crowd.ts';
import type { Bench, BenchOptions } from '../report/bench.ts';
import { config, traceOf } from '../speed/stitch.ts';
import { type Contestant, race } from '../speed/stopwatch.ts';
import { timingTable } from '../speed/timing-table.ts';
import { itemSizes, sizeTable } from './item-sizes.ts';
import { manySegments } from './many-segments.ts';
import { costTable, segmentCosts } from './segment-costs.ts';

const people = 1000;
/** One batch a lap, and many laps: the median of many short ones is quieter than that of few long ones. */
const events = 1000;
const lapsPerRound = 15;

/** What segments cost: processor time of a touch, bytes of an item, and dollars. */
export const segments: Bench = {
  name: 'segments',
  about:
    'what 0 to 1,000 segments add to a touch of a profile, what windows add to its item, and what a million events cost then',
  run: async (options) => {
    const costs = await segmentCosts(options.seed);
    const sizes = await itemSizes(options.seed);
    const laps = options.rounds * lapsPerRound;
    const progress = (done: number): void => options.progress(done, laps);
    const touches = await race(await knownPeople(options), laps, progress);
    const newcomers = await race(newPeople(options), laps, progress);
    return {
      tables: [
        timingTable('stitch: f = 1, people who are known, by number of segments', touches, [
          'Of the segments, four read events that these people have. The first row is the reference; the second does the',
          'same, and shows what differs by chance.',
        ]),
        timingTable('stitch: f = 1, everybody is new, so every segment is decided', newcomers),
        sizeTable(sizes),
        costTable(costs),
      ],
      data: { touches, newcomers, sizes, costs },
    };
  },
};

const counts = [0, 10, 100, 1000] as const;
const nameOf = (count: number): string => `${count.toLocaleString('en-US')} segments`;
const withSegments = (count: number) => ({ ...config, segments: manySegments(count) });

async function knownPeople({ seed }: BenchOptions): Promise<Contestant[]> {
  const rules = [
    { name: nameOf(0), rules: withSegments(0) },
    { name: `${nameOf(0)}, again`, rules: withSegments(0) },
    ...counts.slice(1).map((count) => ({ name: nameOf(count), rules: withSegments(count) })),
    { name: '10 over windows', rules: parseConfig({ ...config, destinations: [], segments: windowedSegments }) },
  ];
  const contestants: Contestant[] = [];
  for (const each of rules) {
    const random = seededRandom(seed);
    const crowd = await crowdOf(people, usualPerson, each.rules, random);
    contestants.push(traceOf(each.name, crowd, { people, fold: 1, events }, random, each.rules));
  }
  return contestants;
}

function newPeople({ seed }: BenchOptions): Contestant[] {
  return counts.map((count) => {
    const nobody = new MemoryDynamoDb();
    nobody.forgets = true;
    return traceOf(nameOf(count), nobody, { people, fold: 1, events }, seededRandom(seed), withSegments(count));
  });
}
