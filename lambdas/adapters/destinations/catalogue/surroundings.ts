import type { Logger, StateContext, StatsContext } from '@segment/actions-core';

/** What the library hands to the code of a tool: some tools fail without it. */
export interface Surroundings {
  readonly statsContext: StatsContext;
  readonly logger: Logger;
  readonly features: Record<string, boolean>;
  readonly transactionContext: {
    readonly transaction: Record<string, string>;
    readonly setTransaction: (key: string, value: string) => void;
  };
  readonly stateContext: StateContext;
}

const nothing = (): void => {};
const units = new Map([
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]);

/** A value that a tool keeps between calls, e.g. which lists it has made, and until when. */
interface Kept {
  readonly value: string;
  readonly until: number;
}

/**
 * Makes what surrounds the calls of one function: it counts and logs nothing, because messages of tools contain
 * personal data, and it keeps what tools remember as long as the function lives.
 */
export function surroundings(now: () => number): () => Surroundings {
  const kept = new Map<string, Kept>();
  const stateContext: StateContext = {
    getRequestContext: (key, then) => {
      const found = kept.get(key);
      const value = found !== undefined && found.until > now() ? found.value : undefined;
      return then === undefined ? value : then(value);
    },
    setResponseContext: (key, value, lasting) => {
      const time = Object.entries(lasting).reduce((sum, [unit, count]) => sum + count * (units.get(unit) ?? 0), 0);
      kept.set(key, { value, until: now() + time });
    },
  };
  return () => {
    const transaction: Record<string, string> = {};
    return {
      statsContext: {
        statsClient: {
          incr: nothing,
          observe: nothing,
          histogram: nothing,
          set: nothing,
          _name: String,
          _tags: () => [],
        },
        tags: [],
      },
      logger: {
        level: 'error',
        name: 'tool',
        withTags: nothing,
        debug: nothing,
        info: nothing,
        warn: nothing,
        error: nothing,
        crit: nothing,
        log: nothing,
      },
      features: {},
      transactionContext: {
        transaction,
        setTransaction: (key, value) => void Object.assign(transaction, { [key]: value }),
      },
      stateContext,
    };
  };
}
