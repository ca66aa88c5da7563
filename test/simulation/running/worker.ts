import type { Chance } from './chance.ts';
import type { Tally } from './tally.ts';
import type { Turns } from './turns.ts';

/** Probability of each kind of fault at each call it can strike. */
export interface FaultRates {
  readonly crash: number;
  readonly throttled: number;
  readonly writesThrottled: number;
  readonly noAnswer: number;
  readonly partial: number;
  readonly delivery: number;
}

export const noFaults: FaultRates = {
  crash: 0,
  throttled: 0,
  writesThrottled: 0,
  noAnswer: 0,
  partial: 0,
  delivery: 0,
};

/** What all fakes of one history share: whose turn it is, chance, how often what fails, and what really did. */
export interface World {
  readonly turns: Turns;
  readonly chance: Chance;
  readonly tally: Tally;
  /** Calls that have not acted yet, and what the table has prepared and not put through. */
  readonly underway: Set<Promise<unknown>>;
  rates: FaultRates;
}

/** Keeps account of something that will act, whoever still waits for it. */
export function underway<T>(world: World, call: Promise<T>): Promise<T> {
  const settle = () => world.underway.delete(call);
  world.underway.add(call);
  call.then(settle, settle);
  return call;
}

/**
 * Waits until all has acted that was under way, for dead workers too: what arrives late arrives before anybody calls it
 * a day.
 */
export async function untilQuiet(world: World): Promise<void> {
  while (world.underway.size > 0) await Promise.allSettled(world.underway);
}

/** One run of a function. When it dies, what it called may still take effect, and it hears of nothing any more. */
export class Worker {
  private dead = false;
  private readonly tellDeath: (reason: Error) => void;
  /** Rejects when the worker dies. */
  readonly death: Promise<never>;

  readonly name: string;
  private readonly world: World;

  constructor(name: string, world: World) {
    this.name = name;
    this.world = world;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.death = promise;
    this.tellDeath = reject;
  }

  /**
   * Calls a service: it acts when this call has its turn, and the worker may die before it acts or before it hears the
   * answer.
   */
  async call<T>(label: string, act: () => T): Promise<T> {
    if (this.dead) return never();
    const call = this.world.turns.take(`${this.name} ${label}`, () => this.turn(act));
    return this.survive(underway(this.world, call));
  }

  private turn<T>(act: () => T): T | Dead {
    const { chance, rates, tally } = this.world;
    if (this.dead) {
      // A request that was under way when its sender died arrives late, or not at all.
      if (!chance.happens(0.5)) return dead;
      tally.add('fault: call of a dead worker arrives late');
      act();
      return dead;
    }
    if (chance.happens(rates.crash)) return this.die('fault: crash before the call takes effect');
    const answer = act();
    return chance.happens(rates.crash) ? this.die('fault: crash after the call took effect') : answer;
  }

  private async survive<T>(answer: Promise<T | Dead>): Promise<T> {
    const heard = await answer.catch((error: unknown) => (this.dead ? dead : Promise.reject(error)));
    return heard === dead ? never() : (heard as T);
  }

  private die(name: string): Dead {
    this.dead = true;
    this.world.tally.add(name);
    this.tellDeath(new Died());
    return dead;
  }
}

/** What whoever invoked a worker hears when it died. */
class Died extends Error {
  override readonly name = 'Died';
}

const dead = Symbol('dead');
type Dead = typeof dead;
const never = <T>(): Promise<T> => new Promise(() => {});
