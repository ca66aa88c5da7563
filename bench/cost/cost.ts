import { type CdpConfig, parseConfig } from '../../lambdas/core/config/config.ts';
import { recentEvents } from '../../lambdas/core/profile/recent-events.ts';
import { seededRandom } from '../../local/demo/shop/random.ts';
import { now } from '../events/crowd.ts';
import { plainExample } from '../events/plain-example.ts';
import { type Costed, MeteredPlatform, type Seconds } from '../metering/metered-platform.ts';
import { inVisits, windowsPerDay } from '../metering/rhythm.ts';
import { Trace, type TraceOptions } from '../metering/trace.ts';
import { demoTrace } from './demo-trace.ts';
import { NaivePlatform } from './naive.ts';
import { windowedSegments } from './windowed.ts';

const writeKey = 'a-write-key-of-the-bench';
/** The one source of the bench. */
export const sources = [{ id: 'web', kind: 'server' as const, writeKey, defaultCountry: 'US' }];
const config = parseConfig({ ...plainExample, sources });
const windowed = parseConfig({
  ...plainExample,
  sources,
  segments: [...(plainExample.segments ?? []), ...windowedSegments],
});

/** What is counted. */
export interface CostOptions {
  /** Events of each person in a batch of stitch: f. */
  readonly fold: number;
  readonly seed: number;
  /** Events that are counted, at the least; as many as a whole number of rounds holds. */
  readonly events: number;
  readonly seconds?: Seconds | undefined;
}

/** Events are 1 KB as the client writes them, 20 to a request, 1,000 to a batch of stitch. */
export const usualTraffic = { eventsPerWindow: 1000, eventsPerRequest: 20, bytes: 1024 } as const;

/** As many people as a batch has. */
export const peopleOf = ({ fold }: Pick<CostOptions, 'fold'>): number =>
  Math.max(50, Math.ceil(usualTraffic.eventsPerWindow / fold));

/** The usual traffic. */
export const traceOf = ({ fold, seed }: CostOptions, options: Partial<TraceOptions> = {}): Trace =>
  new Trace(seededRandom(seed), { ...usualTraffic, fold, people: peopleOf({ fold }), ...options }, now);

/** Rounds until profiles are as large as they stay: a day of message marks, and as many recent events as are kept. */
export const roundsBefore = (fold: number): number => Math.max(windowsPerDay, Math.ceil((recentEvents + 1) / fold));

/** What a million events cost once everyone has registered and profiles are as large as they stay. */
export const costOf = (options: CostOptions): Promise<Costed> =>
  steadyCost(traceOf(options), config, roundsBefore(options.fold), options);

/** The same traffic through the naive design. */
export async function naiveCostOf(options: CostOptions): Promise<Costed> {
  const trace = traceOf(options);
  const platform = new NaivePlatform();
  const take = async (windows: number) => {
    for (let n = 0; n < windows; n += 1) for (const call of trace.window().flat()) await platform.take(call);
  };
  for (const call of trace.registrations().flat(2)) await platform.take(call);
  await take(trace.windowsPerRound * roundsBefore(options.fold));
  platform.restart();
  await take(Math.ceil(options.events / usualTraffic.eventsPerWindow));
  return platform.costed();
}

/** The demo's own traffic, whose events are small, through both. */
export async function demoCost(
  seed: number,
): Promise<{ readonly ours: Costed; readonly naive: Costed; readonly eventBytes: number }> {
  const windows = await demoTrace(seed);
  const ours = new MeteredPlatform(config, writeKey);
  const naive = new NaivePlatform();
  for (const window of windows) await ours.take(window);
  const calls = windows.flat(2);
  for (const call of calls) await naive.take(call);
  const eventBytes = calls.reduce((sum, call) => sum + JSON.stringify(call).length, 0) / calls.length;
  return { ours: ours.costed(), naive: naive.costed(), eventBytes };
}

/** Rounds of a month. */
const month = 30 * windowsPerDay;

/**
 * What a million events cost with ten segments that read a month and more of them. People come once a day and have
 * three batches of events then, ten minutes apart; one visit in ten is about the cart, unless said otherwise.
 */
export async function windowedCostOf(options: CostOptions & { readonly withCart?: number }): Promise<Costed> {
  const { fold, seed, withCart = 0.1 } = options;
  const people = Math.max(20, Math.ceil(50 / fold));
  const rhythm = inVisits(seededRandom(seed), people, 10, withCart);
  return steadyCost(traceOf(options, { people, eventsPerWindow: people * fold, rhythm }), windowed, month, options);
}

/** Counts whole rounds after so many that are not counted. */
export async function steadyCost(
  trace: Pick<Trace, 'windowsPerRound' | 'eventsPerRound' | 'registrations' | 'window'>,
  rules: CdpConfig,
  roundsBefore: number,
  { events, seconds }: CostOptions,
): Promise<Costed> {
  const platform = new MeteredPlatform(rules, writeKey, seconds);
  const take = async (rounds: number) => {
    for (let n = 0; n < trace.windowsPerRound * rounds; n += 1) await platform.take(trace.window());
  };
  for (const window of trace.registrations()) await platform.take(window);
  await take(roundsBefore);
  platform.restart();
  await take(Math.max(1, Math.ceil(events / trace.eventsPerRound)));
  return platform.costed();
}
