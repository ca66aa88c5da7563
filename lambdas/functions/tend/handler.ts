import * as z from 'zod';
import type { DuePage } from '../../adapters/dynamodb/due-index.ts';
import type { TellWakes } from '../../adapters/metrics/tend-metrics.ts';
import type { ProfileId } from '../../core/profile/profile.ts';
import { allShards, shardsOf } from '../../core/segments/due/due-shard.ts';
import { dueUntil, lagOf } from '../../core/segments/due/due-time.ts';
import { nextStep } from '../../core/segments/due/pace.ts';
import type { AggregateRegistry } from '../../core/segments/history/registry.ts';
import { planWake } from '../../core/stitching/wake.ts';
import { type RestDeps, restQueues } from './rest-queues.ts';
import { type TellDeps, tellPeople } from './tell-people.ts';
import { type WakeDeps, type Wakes, wake } from './wake.ts';

/** Everything that tend works with. */
export interface TendDeps extends Omit<TellDeps, 'plan'> {
  /** Since when aggregates count; undefined if all do since the first event. */
  readonly registry: () => Promise<AggregateRegistry | undefined>;
  /** A page of the entries of a shard that are due until a time. */
  readonly page: (shard: number, until: number, from?: DuePage['next'], limit?: number) => Promise<DuePage>;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly tell: TellWakes;
  /** What polls of destinations' queues are stopped and started with; absent where nobody does. */
  readonly rest?: RestDeps | undefined;
}

/** What the schedule says to each invocation. */
const Turn = z.object({
  slice: z.int().nonnegative(),
  slices: z.int().positive(),
  /** Profiles that this slice may wake in a second. */
  wakesPerSecond: z.number().positive(),
});

type Slice = Omit<z.infer<typeof Turn>, 'wakesPerSecond'>;

/** Milliseconds after which an invocation begins nothing more: the next minute's goes on with what is left. */
const longest = 50_000;

/**
 * Wakes the profiles of one slice of the due index that are due, oldest first, at a bounded rate and for less than a
 * minute. What is left stays due. All slices run at once; the first one also tells the lag of the whole index, and
 * sees to the queues of destinations, which delays nobody and whose failure stops nobody.
 */
export const createHandler =
  (deps: TendDeps, plan: WakeDeps['plan'] = planWake) =>
  async (event: unknown): Promise<Wakes> => {
    const { wakesPerSecond, ...slice } = Turn.parse(event);
    const [ended, rested] = await Promise.allSettled([
      tendSlice(slice, wakesPerSecond, { ...deps, plan }),
      slice.slice === 0 && deps.rest ? restQueues(deps.rest) : undefined,
    ]);
    for (const result of [ended, rested]) if (result.status === 'rejected') throw result.reason;
    return (ended as PromiseFulfilledResult<Wakes>).value;
  };

async function tendSlice(slice: Slice, wakesPerSecond: number, deps: TendDeps & TellDeps): Promise<Wakes> {
  if (slice.slice === 0) deps.tell({ lag: await lag(deps) });
  const config = { ...deps.config, registry: await deps.registry() };
  const wakes = await tend(shardsOf(slice), wakesPerSecond, { ...deps, config });
  deps.tell(wakes);
  return wakes;
}

/** Age in seconds of the oldest due entry. */
async function lag({ page, now }: TendDeps): Promise<number> {
  const pages = await Promise.all(allShards.map((shard) => page(shard, dueUntil(now()), undefined, 1)));
  return lagOf(
    pages.map(({ entries }) => entries[0]?.dueAt),
    now(),
  );
}

/**
 * Takes a page of each shard in turn, and one of the people of each account that changed, so that none waits for
 * another one's crowd.
 */
async function tend(shards: readonly number[], wakesPerSecond: number, deps: TendDeps & TellDeps): Promise<Wakes> {
  const total = { woken: 0, failed: 0 };
  const pace = { pace: { wakesPerSecond, longest }, begun: deps.now(), total, deps };
  const telling = new Set<ProfileId>();
  let open: readonly Place[] = shards.map((shard) => ({ shard }));
  while (open.length + telling.size > 0) {
    const pages = await Promise.all(open.map(({ shard, from }) => deps.page(shard, dueUntil(deps.now()), from)));
    for (const { entries } of pages.filter((page) => page.entries.length > 0)) {
      if (!(await mayGoOn(pace))) return total;
      const woken = await wake(entries, deps);
      add(total, woken);
      for (const account of woken.telling) telling.add(account);
    }
    for (const account of [...telling]) {
      if (!(await mayGoOn(pace))) return total;
      const told = await tellPeople(account, deps);
      add(total, told);
      if (!told.goesOn) telling.delete(account);
    }
    open = open.flatMap(({ shard }, at) => (pages[at]?.next ? [{ shard, from: pages[at].next }] : []));
  }
  return total;
}

function add(total: { woken: number; failed: number }, { woken, failed }: Wakes): void {
  total.woken += woken;
  total.failed += failed;
}

/** Where in a shard the next page begins. */
interface Place {
  readonly shard: number;
  readonly from?: DuePage['next'];
}

/** An invocation on its way. */
interface Course {
  readonly pace: Parameters<typeof nextStep>[0];
  readonly begun: number;
  readonly total: Wakes;
  readonly deps: TendDeps;
}

/** Waits as long as the pace demands. */
async function mayGoOn({ pace, begun, total: { woken, failed }, deps: { now, sleep } }: Course): Promise<boolean> {
  const step = nextStep(pace, { elapsed: now() - begun, woken: woken + failed });
  if (step.kind === 'wait') await sleep(step.wait);
  return step.kind !== 'stop';
}
