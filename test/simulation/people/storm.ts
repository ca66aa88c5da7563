import { bounds } from '../../fakes/memory-store.ts';
import { type FaultRates, noFaults } from '../running/worker.ts';
import type { Message } from './message.ts';
import type { Plan } from './plan.ts';
import type { RulesName } from './settings.ts';

/**
 * Sizes of a merge storm: everybody has browsed anonymously in as many places, and then says twice in each who they
 * are.
 */
interface StormSize {
  readonly people: number;
  readonly browsersEach: number;
}

const eventsPerRequest = 20;

/** First every browser is seen, then every person is identified in each of theirs, twice, all at once. */
export function stormPlan({ people, browsersEach }: StormSize, rules: RulesName, rates: FaultRates = noFaults): Plan {
  const browsers = Array.from({ length: people * browsersEach }, (_, n) => ({
    browser: `browser-${n}`,
    person: `user-${n % people}`,
  }));
  let made = 0;
  const visits = browsers.map(({ browser }) =>
    message(++made, { type: 'page', anonymousId: browser }, [`anonymous_id:${browser}`]),
  );
  const identifies = [...browsers, ...browsers].map(({ browser, person }) =>
    message(++made, { type: 'identify', userId: person, anonymousId: browser }, [
      `user_id:${person}`,
      `anonymous_id:${browser}`,
    ]),
  );
  const requests = [...chunks(visits), ...chunks(identifies)];
  return {
    seed: 4,
    rules,
    requests,
    clients: 2,
    shards: 4,
    batchSize: 200,
    maxRetries: 10,
    maxItemBytes: bounds.itemBytes,
    rates,
    delivers: false,
    unmerges: false,
    corrects: false,
    packs: false,
    pace: [0, 20],
  };
}

function message(n: number, call: Record<string, string>, identifiers: readonly string[]): Message {
  const [messageId, timestamp] = [`m${n}`, new Date(Date.UTC(2026, 4, 1, 10) + n).toISOString()];
  const traits = { [call.type === 'identify' ? 'plan' : 'none']: `plan ${n % 7}` };
  const stated = call.type === 'identify' ? traits : {};
  return {
    call: { ...call, messageId, timestamp, ...(call.type === 'identify' && { traits }) },
    truth: { messageId, timestamp, identifiers, traits: stated, campaign: false },
  };
}

const chunks = (messages: readonly Message[]): Message[][] =>
  Array.from({ length: Math.ceil(messages.length / eventsPerRequest) }, (_, n) =>
    messages.slice(n * eventsPerRequest, (n + 1) * eventsPerRequest),
  );
