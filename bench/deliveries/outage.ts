import { parseConfig } from '../../lambdas/core/config/config.ts';
import {
  admissionBy,
  type Breaker,
  closedBreaker,
  judged,
  mostFailures,
} from '../../lambdas/core/destinations/breaker.ts';
import type { Destination } from '../../lambdas/core/destinations/definition.ts';
import { isPolled } from '../../lambdas/core/destinations/polls.ts';
import { trait } from '../../lambdas/core/segments/language/people.ts';
import { MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { assumptions } from '../metering/assumptions.ts';
import { Meter } from '../metering/meter.ts';
import { meteredDeliver } from '../metering/metered-deliver.ts';
import { prices } from '../metering/prices.ts';

/** Messages that wait while their destination takes nothing, and whether its queue rests then. */
export interface OutageCase {
  readonly messages: number;
  readonly rests: boolean;
  /** Of processor time by the message; measured where it is not given. */
  readonly seconds?: number | undefined;
}

/** How often messages were received in vain, and what that cost altogether. */
export interface Outage extends OutageCase {
  readonly receives: number;
  readonly dollars: number;
}

/** Executions at once, messages in each, and seconds of one that hides them. */
const polling = { executions: 10, batch: 10, seconds: 0.06 };
/** Milliseconds. */
const step = 10_000;
const minute = 60_000;
/** Those that are hidden come back later by up to a quarter of the wait. */
const spread = 1.125;

const config = parseConfig({
  sources: [{ id: 'web', kind: 'server', writeKey: 'a-write-key-of-the-bench' }],
  segments: [{ key: 'readers', name: 'Read our letter', where: trait('newsletter').equals(true) }],
  destinations: [{ id: 'tool', kind: 'webhook', segments: ['readers'] }],
});

/** Counts an outage: one invocation that hides ten messages is counted, and how many there are is played. */
export async function outageCostOf(asked: OutageCase): Promise<Outage> {
  const meter = new Meter();
  const table = new MemoryDynamoDb();
  const destination = config.destinations[0] as Destination;
  const { deliver } = meteredDeliver(meter, { config, destination, table }, { isOpen: true, seconds: 0 });
  const bodies = Array.from({ length: polling.batch }, (_, n) =>
    JSON.stringify({ detail: { profileId: `p${n}`, segment: 'readers', change: 'entered' } }),
  );
  const rounds = 20;
  for (let n = 0; n < rounds; n++) await deliver(bodies);
  const receives = receivesIn(asked);
  const invocations = receives / polling.batch;
  // The function that runs every minute reads a breaker of each destination, and what rests.
  const tended = asked.rests ? ((2 * assumptions.longOutage) / minute) * prices.dynamoRead.dollars : 0;
  return { ...asked, receives, dollars: (meter.bill(rounds).dollars() / 1e6) * invocations + tended };
}

/** Plays an outage in steps: the breaker's pauses, Lambda's polls, and messages that are hidden until the next one. */
function receivesIn({ messages, rests }: OutageCase): number {
  let breaker: Breaker = judged(closedBreaker, Array(mostFailures).fill('failed'), 0);
  let visible = messages;
  let received = 0;
  let polls = { isOn: true, changesAt: 0 };
  const hidden = new Map<number, number>();
  for (let now = 0; now < assumptions.longOutage; now += step) {
    visible += hidden.get(now) ?? 0;
    const wanted = !rests || isPolled(breaker, now);
    if (now % minute === 0 && wanted !== polls.isOn && now >= polls.changesAt)
      polls = { isOn: wanted, changesAt: now + assumptions.pollSwitch * 1_000 };
    const isPolling = now >= polls.changesAt ? polls.isOn : !polls.isOn;
    if (!isPolling) continue;
    const admission = admissionBy(breaker, now);
    if (admission.kind === 'probe' && visible > 0) breaker = judged(breaker, ['failed'], now);
    const taken = Math.min(visible, (polling.executions * polling.batch * step) / 1_000 / polling.seconds);
    const wait = ((breaker.openUntil ?? now) - now) * spread;
    const back = now + Math.max(step, Math.ceil(wait / step) * step);
    hidden.set(back, (hidden.get(back) ?? 0) + taken);
    visible -= taken;
    received += taken;
  }
  return received;
}
