import { type Plan, planOf } from '../people/plan.ts';
import { Tally } from '../running/tally.ts';
import { playHistory } from './play-history.ts';
import type { Sabotage } from './sabotage.ts';
import type { Outcome } from './surroundings.ts';

/** A history that broke an invariant. */
interface Failure {
  readonly plan: Plan;
  readonly violations: readonly string[];
}

export interface Campaign {
  readonly tally: Tally;
  readonly failures: readonly Failure[];
  readonly histories: number;
}

interface CampaignOptions {
  /** Seed of the first history; the others follow it, so each can be played alone. */
  readonly seed: number;
  readonly histories: number;
  /** Ends the campaign after so many failures. @default 5 */
  readonly maxFailures?: number;
  readonly onProgress?: (done: number, failures: number) => void;
  readonly sabotage?: Sabotage;
}

/** Plays many histories and sums up what happened in them. */
export async function runCampaign({
  seed,
  histories,
  maxFailures = 5,
  onProgress,
  sabotage,
}: CampaignOptions): Promise<Campaign> {
  const tally = new Tally();
  const failures: Failure[] = [];
  let done = 0;
  for (; done < histories && failures.length < maxFailures; done++) {
    const plan = planOf(seed + done);
    const outcome = await playHistory(plan, sabotage);
    sumUp(plan, outcome, tally);
    if (outcome.violations.length > 0) failures.push({ plan, violations: outcome.violations });
    onProgress?.(done + 1, failures.length);
  }
  return { tally, failures, histories: done };
}

function sumUp(plan: Plan, outcome: Outcome, tally: Tally): void {
  tally.addAll(outcome.tally);
  tally.add(`histories under ${plan.rules} rules`);
  const claims = plan.requests.flat().filter((item) => typeof item !== 'string' && item.truth.claims !== undefined);
  const named = plan.requests
    .flat()
    .filter((item) => typeof item !== 'string' && item.truth.identifiers.some((id) => id.startsWith('group_id:')));
  if (named.length > 0) tally.add('people under the identifier of an account', named.length);
  if (claims.length > 0) tally.add('messages under the id of another', claims.length);
}

/** What must have happened at least once in a run of a thousand histories, or the run proves less than it says. */
export const mustHappen: readonly string[] = [
  'contention: a put meets a transaction',
  'contention: a transaction meets another',
  'contention: identifier written by another worker',
  'contention: merged profile written by another worker',
  'contention: profile written by another worker',
  'contention: profile written by the same worker before',
  'fault: 200 with failed records',
  'fault: 200 with records that a delivery stream refused',
  'fault: batch delivered again after an error',
  'fault: batch delivered again although it was done',
  'fault: batch delivered again from its first failure on',
  'fault: batch split after an error',
  'fault: call of a dead worker arrives late',
  'fault: crash after the call took effect',
  'fault: crash before the call takes effect',
  'fault: item refused for its size',
  'fault: keys left unread',
  'fault: put records refused',
  'fault: delivery stream refused all',
  'fault: delivery stream took lines, answer lost',
  'fault: read throttled',
  'fault: records given up, payload kept',
  'fault: records taken, answer lost',
  'fault: transaction took effect, answer lost',
  'fault: write throttled',
  'fault: write took effect, answer lost',
  'fault: write took effect, answer lost, sent again by the SDK',
  'quarantined: cap or breaker',
  'quarantined: too many identifiers',
  'quarantined: names nobody',
  'fault: 200 with events that the bus refused',
  'fault: message received again',
  'fault: message received twice',
  'deliveries',
  'merges',
  'owners remembered between invocations',
  'transactions that fold several merges',
  'unmerges contended',
  'unmerges written',
  'histories under boundless rules',
  'histories under default rules',
  'histories under tight rules',
  'messages under the id of another',
  'histories under windowed rules',
  'links that went back to an earlier receipt',
  'profiles with more links than a window holds',
  'identifiers kept out by a window',
  'values for which a profile had no room',
  'unmerges late, written',
  'corrections applied',
  'corrections of a profile that had changed',
  'identifiers released by corrections',
  'released identifiers given to somebody',
  'people under the identifier of an account',
  'writes: packed items',
];
