import { config as example } from '../../cdp.config.ts';
import { parseConfig } from '../../lambdas/core/config/config.ts';
import { recentEvents } from '../../lambdas/core/profile/recent-events.ts';
import { seededRandom } from '../../local/demo/shop/random.ts';
import { now } from '../events/crowd.ts';
import { type Costed, MeteredPlatform, type Seconds } from '../metering/metered-platform.ts';
import { Trace, type TraceOptions, windowsPerDay } from '../metering/trace.ts';
import { demoTrace } from './demo-trace.ts';
import { NaivePlatform } from './naive.ts';

const writeKey = 'a-write-key-of-the-bench';
const config = parseConfig({ ...example, sources: [{ id: 'web', kind: 'server', writeKey, defaultCountry: 'US' }] });

interface CostOptions {
  /** Events of each person in a batch of stitch: f. */
  readonly fold: number;
  readonly seed: number;
  /** Events that are counted, at the least; as many as a whole number of rounds holds. */
  readonly events: number;
  readonly seconds?: Seconds | undefined;
}

/** Events are 1 KB as the client writes them, 20 to a request, 1,000 to a batch of stitch. */
export const usualTraffic = { eventsPerWindow: 1000, eventsPerRequest: 20, bytes: 1024 } as const;

const traceOf = ({ fold, seed }: CostOptions, options: Partial<TraceOptions> = {}): Trace =>
  new Trace(
    seededRandom(seed),
    { ...usualTraffic, fold, people: Math.max(50, Math.ceil(usualTraffic.eventsPerWindow / fold)), ...options },
    now,
  );

/** Rounds until profiles are as large as they stay: a day of message marks, and as many recent events as are kept. */
const roundsBefore = (fold: number): number => Math.max(windowsPerDay, Math.ceil((recentEvents + 1) / fold));

/** What a million events cost once everyone has registered and profiles are as large as they stay. */
export async function costOf(options: CostOptions): Promise<Costed> {
  const trace = traceOf(options);
  const platform = new MeteredPlatform(config, writeKey, options.seconds);
  for (const window of trace.registrations()) await platform.take(window);
  for (let n = 0; n < trace.windowsPerRound * roundsBefore(options.fold); n += 1) await platform.take(trace.window());
  platform.restart();
  const rounds = Math.max(1, Math.ceil(options.events / (trace.windowsPerRound * usualTraffic.eventsPerWindow)));
  for (let n = 0; n < trace.windowsPerRound * rounds; n += 1) await platform.take(trace.window());
  return platform.costed();
}

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
