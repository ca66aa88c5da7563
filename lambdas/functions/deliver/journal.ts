import type { Traffic } from '../../adapters/egress/traffic.ts';
import type { AttemptCounts } from '../../adapters/metrics/deliver-metrics.ts';
import type { PutLines } from '../../adapters/streams/delivery-stream.ts';
import { type AttemptEnd, attemptLine } from '../../core/attempts/attempt.ts';
import type { Destination, Item } from '../../core/destinations/destination.ts';
import { type Outcome, outcomeOf } from '../../core/destinations/outcome.ts';
import { packLines } from '../../core/events/stream-record.ts';
import { errorNameOf } from '../../core/values/thrown.ts';
import { type CallEnd, idOf, type Noted, rowOf, type Unmarked } from './attempt-row.ts';

/** What attempts are recorded with. */
export interface AttemptDeps {
  /** The destination's id. */
  readonly destination: string;
  /** Appends rows to the lake. */
  readonly log: PutLines;
  /** Returns what turns a name into its keyed hash. */
  readonly marking: () => Promise<(name: string) => string>;
  /** Runs a call and returns the bytes that went out and came back. */
  readonly measure: <T>(act: () => Promise<T>) => Promise<{ readonly result: T } & Traffic>;
  readonly tally: (counts: AttemptCounts) => void;
  /** Reports the percentage of the last calls that failed, while calls fail. */
  readonly failureRate: (percent: number) => void;
}

/** Surroundings of a journal. */
interface JournalDeps {
  readonly attempts: AttemptDeps;
  readonly now: () => number;
  readonly warn: (message: string, details: Record<string, string>) => void;
}

type Calls = Map<Item, CallEnd[]>;

/** Records the attempts of one invocation, which are written at its end in one call. */
export function journalOf({ attempts, now, warn }: JournalDeps) {
  const rows: Unmarked[] = [];
  const calls: Calls = new Map();

  return {
    /** A destination whose calls are noted. Each outcome is told to `seen`. */
    watching: (destination: Destination, seen: (outcome: Outcome) => void): Destination => ({
      ...destination,
      deliver: (items, context) => {
        const began = now();
        const act = () => ended(() => destination.deliver(items, context));
        return attempts.measure(act).then(({ result, ...traffic }) => {
          noteCalls(calls, items, { ...result, ...traffic, milliseconds: now() - began });
          for (const outcome of result.outcomes) seen(outcome);
          if ('error' in result) throw result.error;
          return result.outcomes;
        });
      },
    }),
    /** What was told about a person and a segment. */
    toldOf: (profileId: string, about: string): Item[] =>
      [...calls.keys()].filter((item) => item.profileId === profileId && item.about === about),
    /** Notes how an attempt ended. The calls that told it belong to no other. */
    note: (noted: Noted): void => {
      const own = (noted.told ?? []).flatMap((item) => calls.get(item) ?? []);
      for (const item of noted.told ?? []) calls.delete(item);
      rows.push(rowOf(noted, own, { id: idOf(noted.record, rows.length), at: now(), of: attempts.destination }));
    },
    /** Writes what was noted. It never fails, because what was delivered is delivered; lost rows are counted. */
    end: async (): Promise<void> => {
      if (rows.length === 0) return;
      const lost = await write(rows, attempts).catch((error: unknown) => errorNameOf(error));
      if (lost !== undefined)
        warn('the lake did not take the rows of attempts', { reason: lost, rows: String(rows.length) });
      attempts.tally({ ...countsOf(rows), unlogged: lost === undefined ? 0 : rows.length });
    },
  };
}
export type Journal = ReturnType<typeof journalOf>;

interface Ended {
  /** One for all items if the destination threw. */
  readonly outcomes: readonly Outcome[];
  readonly error?: unknown;
}

async function ended(act: () => Promise<readonly Outcome[]>): Promise<Ended> {
  try {
    return { outcomes: await act() };
  } catch (error) {
    return { outcomes: [outcomeOf(error, 1)], error };
  }
}

function noteCalls(calls: Calls, items: readonly Item[], call: Ended & Omit<CallEnd, 'outcome' | 'batch'>): void {
  const { outcomes, milliseconds, sent, answered } = call;
  for (const [n, item] of items.entries()) {
    const outcome = 'error' in call ? outcomes[0] : outcomes[n];
    const one = { outcome, milliseconds, sent, answered, batch: items.length };
    calls.set(item, [...(calls.get(item) ?? []), one]);
  }
}

const badEnds: ReadonlySet<AttemptEnd> = new Set(['retried', 'refused', 'dead']);

function countsOf(rows: readonly Unmarked[]): Pick<AttemptCounts, 'delivered' | 'failed'> {
  const count = (isCounted: (end: AttemptEnd) => boolean): number =>
    rows.reduce((sum, { outcome, items = 1 }) => sum + (isCounted(outcome) ? items : 0), 0);
  return { delivered: count((end) => end === 'delivered'), failed: count((end) => badEnds.has(end)) };
}

/** Returns why the rows were not written. */
async function write(rows: readonly Unmarked[], { log, marking }: AttemptDeps): Promise<string | undefined> {
  // A row without its person is better than none.
  const mark = await marking().catch(() => () => undefined);
  const lines = rows.map(({ name, ...row }) => ({
    json: attemptLine({ ...row, person: name === undefined ? undefined : mark(name) }),
  }));
  const outcome = await log(packLines(lines));
  return outcome.ok ? undefined : outcome.error;
}
