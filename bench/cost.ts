import { config as example } from '../cdp.config.ts';
import { parseConfig } from '../lambdas/core/config.ts';
import { seededRandom } from '../local/demo/random.ts';
import { now } from './crowd.ts';
import { type Costed, MeteredPlatform, type Seconds } from './metered-platform.ts';
import { Trace, windowsPerDay } from './trace.ts';

const writeKey = 'a-write-key-of-the-bench';
export const config = parseConfig({ ...example, sources: [{ id: 'web', kind: 'server', writeKey }] });

export interface CostOptions {
  readonly fold: number;
  readonly seed: number;
  /** Events that are counted, at the least; as many as a whole number of rounds holds. */
  readonly events: number;
  readonly seconds?: Seconds;
}

const usual = { eventsPerWindow: 1000, eventsPerRequest: 20, bytes: 1024 };

/** What a million events cost when each person has `fold` of them in a batch of stitch, once profiles are as large as they get. */
export async function costOf({ fold, seed, events, seconds }: CostOptions): Promise<Costed> {
  const people = Math.max(50, Math.ceil(1000 / fold));
  const trace = new Trace(seededRandom(seed), { ...usual, fold, people }, now);
  const platform = new MeteredPlatform(config, writeKey, seconds);
  for (const window of trace.registrations()) await platform.take(window);
  for (let n = 0; n < trace.windowsPerRound * windowsPerDay; n += 1) await platform.take(trace.window());
  platform.restart();
  const rounds = Math.max(1, Math.ceil(events / (trace.windowsPerRound * usual.eventsPerWindow)));
  for (let n = 0; n < trace.windowsPerRound * rounds; n += 1) await platform.take(trace.window());
  return platform.costed();
}
