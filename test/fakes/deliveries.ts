import type { PutOutcome } from '../../lambdas/adapters/streams/retry-failed-entries.ts';
import type { Attempt } from '../../lambdas/core/attempts/attempt.ts';
import { closedBreaker } from '../../lambdas/core/destinations/breaker.ts';
import type { Told } from '../../lambdas/core/destinations/told.ts';

/** Remembers what a destination was told, as the table does. */
export function deliveryMemory() {
  const items = new Map<string, { names: Set<string>; since?: string | undefined; left?: Set<string> }>();
  const keyOf = (profileId: string, segment: string) => JSON.stringify([profileId, segment]);
  return {
    items,
    recall: async (profileIds: readonly string[], segment: string): Promise<Told | undefined> => {
      const found = profileIds.flatMap((id) => {
        const item = items.get(keyOf(id, segment));
        return item ? [{ id, ...item }] : [];
      });
      if (found.length === 0) return undefined;
      return {
        names: new Set(found.flatMap(({ names }) => [...names])),
        left: new Set(found.flatMap(({ left = [] }) => [...left])),
        since: found
          .flatMap(({ since }) => since ?? [])
          .sort()
          .at(-1),
        holders: found.filter(({ names }) => names.size > 0).map(({ id }) => id),
      };
    },
    remember: async (profileId: string, segment: string, { names, since }: Told): Promise<void> => {
      const item = items.get(keyOf(profileId, segment));
      items.set(keyOf(profileId, segment), { ...item, names: new Set([...(item?.names ?? []), ...names]), since });
    },
    forget: async (profileIds: readonly string[], segment: string, names: readonly string[]): Promise<void> => {
      for (const id of profileIds) {
        const { names: before = new Set<string>(), left = [], since } = items.get(keyOf(id, segment)) ?? {};
        const kept = new Set([...before].filter((name) => !names.includes(name)));
        items.set(keyOf(id, segment), { names: kept, since, left: new Set([...left, ...names]) });
      }
    },
  };
}

/** The gate of a destination that nothing is known about, and that lets everything pass. */
export const openGate = {
  read: async () => ({ breaker: closedBreaker, breakerVersion: 0, pace: undefined, paceVersion: 0 }),
  writeBreaker: async () => true,
  writePace: async () => true,
};

/** Attempts whose rows are kept in memory. */
export function attemptLog(destination = 'crm') {
  const lines: string[] = [];
  const tallies: object[] = [];
  const rates: number[] = [];
  const attempts = {
    destination,
    log: async (packs: readonly { readonly text: string }[]): Promise<PutOutcome> => {
      lines.push(...packs.flatMap(({ text }) => text.split('\n').filter((line) => line !== '')));
      return { ok: true };
    },
    marking: async () => (name: string) => `mark-of-${name.length}`,
    measure: async <T>(act: () => Promise<T>) => ({ result: await act(), sent: 0, answered: 0 }),
    failureRate: (percent: number) => void rates.push(percent),
    tally: (counts: object) => void tallies.push(counts),
  };
  return { attempts, tallies, rates, rows: () => lines.map((line) => JSON.parse(line) as Attempt) };
}
