import type { Plan } from '../people/plan.ts';
import { playHistory } from './play-history.ts';
import type { Sabotage } from './sabotage.ts';

/** Replays that making a history smaller may take, a few milliseconds each. */
const maxReplays = 3000;
/** Orders of turns that a smaller history is tried in: a race that is still there need not show in the first. */
const orders = 5;

/**
 * Makes a failing history as small as it can: fewer messages, fewer workers, fewer kinds of fault, and it still fails.
 */
export async function shrink(plan: Plan, sabotage?: Sabotage): Promise<Plan> {
  let replays = 0;
  let smallest = plan;
  const failing = async (candidate: Plan): Promise<Plan | undefined> => {
    for (let order = 0; order < orders && replays < maxReplays; order++, replays++) {
      const reordered = { ...candidate, seed: candidate.seed + order };
      if ((await playHistory(reordered, sabotage)).violations.length > 0) return reordered;
    }
    return undefined;
  };
  for (let progress = true; progress; ) {
    progress = false;
    for (const candidate of smallerThan(smallest)) {
      const failed = await failing(candidate);
      if (failed === undefined) continue;
      smallest = failed;
      progress = true;
      break;
    }
  }
  return smallest;
}

/** The boldest cuts first. */
function* smallerThan(plan: Plan): Generator<Plan> {
  const { requests, rates, clients, shards, delivers, unmerges, corrects, packs } = plan;
  for (let size = Math.ceil(requests.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < requests.length; at += size) yield { ...plan, requests: requests.toSpliced(at, size) };
  for (const kind of Object.keys(rates) as (keyof typeof rates)[])
    if (rates[kind] > 0) yield { ...plan, rates: { ...rates, [kind]: 0 } };
  if (unmerges) yield { ...plan, unmerges: false };
  if (corrects) yield { ...plan, corrects: false };
  if (packs) yield { ...plan, packs: false };
  if (delivers) yield { ...plan, delivers: false };
  if (clients > 1) yield { ...plan, clients: 1 };
  if (shards > 1) yield { ...plan, shards: shards - 1 };
  for (const [at, request] of requests.entries())
    if (request.length > 1)
      for (const n of request.keys()) yield { ...plan, requests: requests.with(at, request.toSpliced(n, 1)) };
}

/** Tells a history in the words of its requests. */
export function tell({ requests, ...settings }: Plan): string {
  const story = requests.map(
    (request, n) =>
      `  request ${n + 1}:\n${request.map((item) => `    ${typeof item === 'string' ? item : JSON.stringify(item.call)}`).join('\n')}`,
  );
  return `${JSON.stringify(settings)}\n${story.join('\n')}`;
}
