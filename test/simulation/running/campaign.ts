import { Tally } from './tally.ts';

/** What came of a history. */
export interface Outcome {
  readonly violations: readonly string[];
  readonly tally: Tally;
}

/** What many histories came to: what happened in them, and which broke an invariant. */
export interface Campaign<Plan> {
  readonly tally: Tally;
  readonly failures: readonly { readonly plan: Plan; readonly violations: readonly string[] }[];
  readonly histories: number;
}

/** How many histories are played, and from which on. */
export interface CampaignOptions {
  /** Seed of the first history; the others follow it, so each can be played alone. */
  readonly seed: number;
  readonly histories: number;
  /** Ends the campaign after so many failures. @default 5 */
  readonly maxFailures?: number;
  readonly onProgress?: (done: number, failures: number) => void;
}

/** Plays many histories and sums up what happened in them. */
export async function playMany<Plan>(
  { seed, histories, maxFailures = 5, onProgress }: CampaignOptions,
  planOf: (seed: number) => Plan,
  play: (plan: Plan) => Promise<Outcome>,
): Promise<Campaign<Plan>> {
  const tally = new Tally();
  const failures: { plan: Plan; violations: readonly string[] }[] = [];
  let done = 0;
  for (; done < histories && failures.length < maxFailures; done++) {
    const plan = planOf(seed + done);
    const { violations, tally: its } = await play(plan);
    tally.addAll(its);
    if (violations.length > 0) failures.push({ plan, violations });
    onProgress?.(done + 1, failures.length);
  }
  return { tally, failures, histories: done };
}
