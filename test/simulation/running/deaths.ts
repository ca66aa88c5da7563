import { type Chance, seededChance } from './chance.ts';

/** The rate by which a worker asks whether it dies, in histories in which it dies once; no other fault has it. */
export const crash = 0.123;

/**
 * Plays a history of a seed again and again, in each of which a worker dies at the next of all calls at which it could,
 * until it dies at none. Gives how many were played.
 */
export async function dyingAtEachCall(
  seed: number,
  play: (chance: Chance, death: number) => Promise<void>,
): Promise<number> {
  let [at, died] = [0, true];
  for (; died; at++) {
    died = false;
    let asked = 0;
    const seeded = seededChance(seed);
    const happens = (probability: number) => {
      if (probability !== crash) return seeded.happens(probability);
      const dies = asked++ === at;
      died ||= dies;
      return dies;
    };
    await play({ ...seeded, happens }, at);
  }
  return at;
}
