import { parseConfig } from '../../lambdas/core/config/config.ts';
import { readParcel } from '../../lambdas/core/destinations/forwarding/parcel.ts';
import { seededRandom } from '../../local/demo/shop/random.ts';
import { usualTraffic } from '../cost/cost.ts';
import { now } from '../events/crowd.ts';
import { type Bill, Meter } from '../metering/meter.ts';
import { meteredCollect } from '../metering/metered-collect.ts';
import { meteredForward } from '../metering/metered-forward.ts';
import { Trace } from '../metering/trace.ts';

const writeKey = 'a-write-key-of-the-bench';
const sources = [{ id: 'web', kind: 'server' as const, writeKey, defaultCountry: 'US' }];

/** How many destinations take which share of the events, and how many events come in one batch of forward. */
export interface ForwardingCase {
  readonly destinations: number;
  /** All events or half of them. */
  readonly share: 0.5 | 1;
  readonly eventsPerWindow: number;
  readonly events: number;
  readonly seed: number;
  readonly seconds?: number | undefined;
}

/** What forwarding cost per million events that came in. */
export interface Forwarded {
  readonly bill: Bill;
  /** Events that one destination got, of those that came in. */
  readonly share: number;
  readonly eventsPerMessage: number;
}

/** A little more than half of the calls of the trace. */
const half = 'type = "identify" or event = "Product Viewed" or event = "Cart Viewed"';

/** Sends events through collect, and counts what forwarding alone costs. */
export async function forwardingCostOf(asked: ForwardingCase): Promise<Forwarded> {
  const { destinations, share, eventsPerWindow, events, seed, seconds } = asked;
  const config = parseConfig({
    sources,
    destinations: Array.from({ length: destinations }, (_, n) => ({
      id: `tool-${n}`,
      kind: 'webhook',
      events: share === 1 ? {} : { where: half },
    })),
  });
  const meter = new Meter();
  const collect = meteredCollect(new Meter(), config, writeKey, 0);
  const forward = meteredForward(meter, config, seconds);
  const trace = new Trace(
    seededRandom(seed),
    {
      ...usualTraffic,
      eventsPerWindow,
      eventsPerRequest: Math.min(usualTraffic.eventsPerRequest, eventsPerWindow),
      fold: 1,
      people: 1_000,
    },
    now,
  );
  const counts = { events: 0, forwarded: 0, messages: 0 };
  while (counts.events < events) {
    const window = trace.window();
    const parcels = await forward(await collect(window));
    counts.events += window.flat().length;
    counts.messages += parcels.length;
    for (const { body } of parcels) counts.forwarded += readParcel(body)?.events.length ?? 0;
  }
  return {
    bill: meter.bill(counts.events),
    share: counts.forwarded / destinations / counts.events,
    eventsPerMessage: counts.forwarded / counts.messages,
  };
}
