import type { Plan } from '../people/plan.ts';
import type { Outcome } from '../running/campaign.ts';
import { seededChance } from '../running/chance.ts';
import { SeededTurns } from '../running/turns.ts';
import { History } from './history.ts';
import type { Sabotage } from './sabotage.ts';

/** Turns that a history may take; the longest seen took a tenth. */
const maxTurns = 200_000;

/** Plays a history in an order that its seed decides, and checks it. */
export async function playHistory(plan: Plan, sabotage?: Sabotage): Promise<Outcome> {
  const chance = seededChance(plan.seed + 0x5eed);
  const turns = new SeededTurns(chance);
  return new History(plan, chance, { turns, drive: (work) => turns.runUntil(work, maxTurns), sabotage }).play();
}
