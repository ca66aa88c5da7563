import { parseConfig } from '../../core/config/config.ts';
import { type DecideDeps, type DecideRange, decideSegments } from '../decide-segments.ts';
import { type DecisionAccount, Gathered } from '../decision-account.ts';
import { type BringDeps, bringHistories } from './bring.ts';
import type { FrozenRun } from './frozen-run.ts';

/** The table and the histories; without `write`, nothing changes. */
export interface ApplyDeps extends DecideDeps, Pick<BringDeps, 'load' | 'loadAt' | 'lines' | 'brought'> {}

/** Which histories are brought, which parts of the table are read, and after how many entries it ends. */
export interface ApplyRange extends Pick<DecideRange, 'parts' | 'mostEntries'> {
  readonly run?: FrozenRun | undefined;
}

/**
 * Brings histories to the profiles of their people, tells all other profiles that they have none, and decides the
 * segments of everybody whom other definitions decided. It is safe to stop and to repeat.
 */
export async function applyDefinitions({ run, ...range }: ApplyRange, deps: ApplyDeps): Promise<DecisionAccount> {
  const account = new Gathered(deps.config.segments ?? []);
  if (run === undefined) return decideSegments(range, deps, account);
  const { registry, manifest } = run;
  const rules = { ...parseConfig(deps.config), registry };
  const { people, lacking, counted, stopped } = await bringHistories(
    { files: manifest.files, mostEntries: range.mostEntries },
    { ...deps, rules },
    account,
  );
  if (stopped) return account.now(true);
  if (people !== manifest.people)
    throw new Error(`the run ${manifest.run} has ${manifest.people} people, but its files have ${people}`);
  const isCounted = (profileId: string): boolean => counted.has(profileId);
  return decideSegments({ ...range, brought: { registry, lacking, isCounted } }, deps, account);
}
