import { type Plan, planOf } from '../people/plan.ts';
import { type Campaign, type CampaignOptions, playMany } from '../running/campaign.ts';
import type { Tally } from '../running/tally.ts';
import { playHistory } from './play-history.ts';
import type { Sabotage } from './sabotage.ts';

/** Plays many histories and sums up what happened in them. */
export const runCampaign = ({
  sabotage,
  ...options
}: CampaignOptions & { readonly sabotage?: Sabotage }): Promise<Campaign<Plan>> =>
  playMany(options, planOf, async (plan) => {
    const outcome = await playHistory(plan, sabotage);
    describePlan(plan, outcome.tally);
    return outcome;
  });

function describePlan(plan: Plan, tally: Tally): void {
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
