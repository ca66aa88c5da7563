import { type Barrier, readBarrier } from '../../../lambdas/core/privacy/barrier.ts';
import type { Item } from '../../fakes/condition-expression.ts';
import type { Change } from '../../fakes/memory-store.ts';
import type { Tally } from '../running/tally.ts';

type Owners = (place: string) => string | undefined;

/**
 * Looks at each write of an identifier's barrier: releases are never forgotten, and what an identifier named until its
 * release is named by its former name, in the same write.
 */
export class ReleaseChecker {
  private readonly known = new Map<string, readonly string[]>();

  private readonly tally: Tally;
  private readonly demand: (holds: boolean, otherwise: string) => void;

  constructor(tally: Tally, demand: (holds: boolean, otherwise: string) => void) {
    this.tally = tally;
    this.demand = demand;
  }

  /** Takes in a write. `ownerOf` knows owners by their item's place, `type#value`, as they were until then. */
  take(changes: readonly Change[], ownerOf: Owners): void {
    const items = new Map(changes.filter(({ key }) => isOwner(key)).map(({ key, after }) => [placeOf(key), after]));
    for (const [place, after] of items) {
      const [before, now] = [this.known.get(place) ?? [], releasesOf(after)];
      this.known.set(place, now);
      this.demand(
        before.every((time) => now.includes(time)),
        `${place} was released at ${before}, and its item says ${now}`,
      );
      const news = now.filter((time) => !before.includes(time));
      if (news.length > 0) this.checkRelease({ place, at: news[0] ?? '', after, items }, ownerOf);
    }
  }

  private checkRelease({ place, at, after, items }: Released, ownerOf: Owners): void {
    const [was, now] = [ownerOf(place), after?.profileId];
    this.tally.add(was === undefined ? 'releases of what nobody has' : 'releases of what somebody has');
    if (was === undefined || now === was) return;
    this.demand(now === undefined, `${place} was released by ${was} and given to ${now} at once`);
    const former = place.replace('#', `~${Date.parse(at)}#`);
    this.demand(
      items.get(former)?.profileId === was,
      `${place} was released at ${at}, and its former name is not given to ${was}`,
    );
  }
}

interface Released {
  readonly place: string;
  readonly at: string;
  readonly after: Item | undefined;
  readonly items: ReadonlyMap<string, Item | undefined>;
}

const isOwner = (key: string): boolean => key.startsWith('identifier#') && key.endsWith(' owner');
const placeOf = (key: string): string => key.slice('identifier#'.length, -' owner'.length);

const barrierOf = (item: Item | undefined): Barrier | undefined => readBarrier(item?.barrier);
const releasesOf = (item: Item | undefined): readonly string[] => barrierOf(item)?.released ?? [];

/** Whether an item says that its identifier was released. */
export const isReleased = (item: Item | undefined): boolean => releasesOf(item).length > 0;
