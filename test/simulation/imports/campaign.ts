import type { Outcome } from '../running/campaign.ts';
import { type Campaign, type CampaignOptions, playMany } from '../running/campaign.ts';
import { type Chance, seededChance } from '../running/chance.ts';
import { SeededTurns } from '../running/turns.ts';
import { ImportHistory, type PlantedMistake } from './import-history.ts';
import { type ImportPlan, importPlanOf } from './plan.ts';

/** Plays a history in an order that its seed decides, and checks it. */
export async function playImports(
  plan: ImportPlan,
  planted?: PlantedMistake,
  chance: Chance = seededChance(plan.seed + 0x5eed),
): Promise<Outcome> {
  return new ImportHistory(plan, chance, new SeededTurns(chance), planted).play();
}

/** Plays many histories of imports and sums up what happened in them. */
export const runImports = ({
  planted,
  ...options
}: CampaignOptions & { readonly planted?: PlantedMistake | undefined }): Promise<Campaign<ImportPlan>> =>
  playMany(options, importPlanOf, (plan) => playImports(plan, planted));

/** Tells a history in the words of its files. */
export function tellPlan({ contents, pieces, ...settings }: ImportPlan): string {
  const files = contents.map(
    ({ names, day, text }) => `  day ${day}, ${names.join(', ')}:\n${text.replaceAll(/^/gm, '    ').trimEnd()}`,
  );
  const changes = pieces.map((piece) => `  ${JSON.stringify(piece)}`);
  return [JSON.stringify(settings), ...files, ...changes].join('\n');
}

/** What must have happened at least once in a run of two hundred histories, or the run proves less than it says. */
export const mustHappen: readonly string[] = [
  'contention: profile written by another worker',
  'fault: 200 with failed records',
  'fault: a call takes longer than a lease',
  'fault: bucket is busy',
  'fault: call of a dead worker arrives late',
  'fault: crash after the call took effect',
  'fault: crash before the call takes effect',
  'fault: message received again',
  'fault: object put, answer lost',
  'fault: put records refused',
  'fault: read throttled',
  'fault: records taken, answer lost',
  'fault: S3 tells twice of an object',
  'fault: write throttled',
  'fault: write took effect, answer lost',
  'fault: write took effect, answer lost, sent again by the SDK',
  'merges',
  'released identifiers given to somebody',
  'releases of what nobody has',
  'releases of what somebody has',
  'rows put into quarantine',
];
