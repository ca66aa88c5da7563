/** Something whose speed is wanted: `run` handles `events` events. */
export interface Contestant {
  readonly name: string;
  readonly events: number;
  readonly run: () => Promise<void>;
}

/** Median, least and greatest of several measurements. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Timing {
  readonly name: string;
  /** Events per second of processor time, of all threads: what one core does, whoever else is busy on the machine. */
  readonly perCore: Spread;
  /** Events per second by the clock. */
  readonly perSecond: Spread;
  /** Processor time of one event as a multiple of the first contestant's in the same round. */
  readonly ofFirst: Spread & { readonly interval: Interval };
}

/** Where the median of many more measurements would be, in 95 of 100 cases. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

interface Lap {
  readonly cpu: number;
  readonly clock: number;
}

/**
 * Lets contestants run in turn, round after round, each time another one first and every other round backwards, so that
 * a busy moment of the machine meets them all, and what one leaves to be collected meets all others. One round before
 * does not count.
 */
export async function race(
  contestants: readonly Contestant[],
  rounds: number,
  onRound: (done: number) => void = () => {},
): Promise<Timing[]> {
  const laps: Lap[][] = contestants.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    const all = [...contestants.entries()];
    const first = round % all.length;
    const inTurn = [...all.slice(first), ...all.slice(0, first)];
    for (const [index, contestant] of round % 2 === 0 ? inTurn : inTurn.reverse()) {
      const lap = await time(contestant);
      if (round > 0) laps[index]?.push(lap);
    }
    onRound(round);
  }
  return contestants.map(({ name }, index) => timing(name, laps[index] ?? [], laps[0] ?? []));
}

/** Seconds per event. */
async function time({ events, run }: Contestant): Promise<Lap> {
  const before = process.cpuUsage();
  const started = performance.now();
  await run();
  const clock = (performance.now() - started) / 1e3;
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1e6 / events, clock: clock / events };
}

const timing = (name: string, laps: readonly Lap[], first: readonly Lap[]): Timing => ({
  name,
  perCore: spread(laps.map(({ cpu }) => 1 / cpu)),
  perSecond: spread(laps.map(({ clock }) => 1 / clock)),
  ofFirst: paired(laps.map(({ cpu }, round) => cpu / (first[round]?.cpu ?? cpu))),
});

const paired = (ratios: readonly number[]): Timing['ofFirst'] => ({ ...spread(ratios), interval: intervalOf(ratios) });

/** The interval of a median by the order of its values, which asks nothing of how they are distributed. */
export function intervalOf(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b);
  const half = 0.98 * Math.sqrt(sorted.length);
  const at = (index: number): number =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(index)))] ?? Number.NaN;
  return { low: at(sorted.length / 2 - half - 1), high: at(sorted.length / 2 + half) };
}

/** Median (of an even number, the mean of the middle two), least and greatest. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, min: at(0), max: at(sorted.length - 1) };
}
