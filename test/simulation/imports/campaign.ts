import type { Outcome } from '../histories/surroundings.ts';
import { type Chance, seededChance } from '../running/chance.ts';
import { Tally } from '../running/tally.ts';
import { SeededTurns } from '../running/turns.ts';
import { ImportHistory, type PlantedMistake } from './import-history.ts';
import { type ImportPlan, importPlanOf } from './plan.ts';

/** What many histories of imports came to. */
export interface ImportCampaign {
  readonly tally: Tally;
  readonly failures: readonly { readonly plan: ImportPlan; readonly violations: readonly string[] }[];
  readonly histories: number;
}

interface CampaignOptions {
  /** Seed of the first history; the others follow it, so each can be played alone. */
  readonly seed: number;
  readonly histories: number;
  /** Ends the campaign after so many failures. @default 5 */
  readonly maxFailures?: number;
  readonly planted?: PlantedMistake | undefined;
  readonly onProgress?: (done: number, failures: number) => void;
}

/** Plays a history in an order that its seed decides, and checks it. */
export async function playImports(
  plan: ImportPlan,
  planted?: PlantedMistake,
  chance: Chance = seededChance(plan.seed + 0x5eed),
): Promise<Outcome> {
  return new ImportHistory(plan, chance, new SeededTurns(chance), planted).play();
}

/** Plays many histories of imports and sums up what happened in them. */
export async function runImports(options: CampaignOptions): Promise<ImportCampaign> {
  const { seed, histories, maxFailures = 5, planted, onProgress } = options;
  const tally = new Tally();
  const failures: { plan: ImportPlan; violations: readonly string[] }[] = [];
  let done = 0;
  for (; done < histories && failures.length < maxFailures; done++) {
    const plan = importPlanOf(seed + done);
    const outcome = await playImports(plan, planted);
    tally.addAll(outcome.tally);
    if (outcome.violations.length > 0) failures.push({ plan, violations: outcome.violations });
    onProgress?.(done + 1, failures.length);
  }
  return { tally, failures, histories: done };
}

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
