/** The first violation that says so, in histories of the seeds from 1 to the last; undefined if none does. */
export async function firstViolation(
  says: RegExp,
  lastSeed: number,
  play: (seed: number) => Promise<{ readonly violations: readonly string[] }>,
): Promise<string | undefined> {
  for (let seed = 1; seed <= lastSeed; seed++) {
    const found = (await play(seed)).violations.find((violation) => says.test(violation));
    if (found === undefined) continue;
    console.log(`seed ${seed}: ${found}`);
    return found;
  }
  return undefined;
}
