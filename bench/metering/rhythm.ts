import type { Random } from '../../local/demo/shop/random.ts';

/** A person has this many batches a day, so marks of this many times f events are remembered. */
export const windowsPerDay = 3;
const hour = 3_600_000;

/** When people come, turn after turn, and what they do then. */
export interface Rhythm {
  /** Milliseconds from the beginning to a turn. */
  readonly timeOf: (turn: number) => number;
  /** Names of track calls that happen in it; undefined for all. */
  readonly eventsOf: (turn: number) => readonly string[] | undefined;
}

/** People come one after the other, each every eight hours. */
export const evenly = (people: number): Rhythm => ({
  timeOf: (turn) => Math.floor((turn / people) * (24 / windowsPerDay) * hour),
  eventsOf: () => undefined,
});

const looking = ['Product Viewed', 'Product Viewed', 'Products Searched'];
const ofCart = ['Product Added', 'Cart Viewed', 'Order Completed'];

/**
 * People come once a day, at another hour each day, and then have their batches so many minutes apart. Something
 * happens to the cart in this share of the visits.
 */
export function inVisits(random: Random, people: number, minutes: number, withCart: number): Rhythm {
  const fillers = new Set<number>();
  return {
    timeOf: (turn) => {
      const round = Math.floor(turn / people);
      const day = Math.floor(round / windowsPerDay);
      return (day * 24 + ((day * 5) % 12)) * hour + (round % windowsPerDay) * minutes * 60_000;
    },
    eventsOf: (turn) => {
      const person = turn % people;
      if (Math.floor(turn / people) % windowsPerDay === 0) fillers.delete(person);
      if (random.chance(withCart / windowsPerDay)) fillers.add(person);
      return fillers.has(person) ? [...looking, ...ofCart] : looking;
    },
  };
}
