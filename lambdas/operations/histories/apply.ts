import { type CdpConfig, parseConfig } from '../../core/config/config.ts';
import { type DecideDeps, type DecideRange, decideSegments } from '../decide-segments.ts';
import { type DecisionAccount, Gathered } from '../decision-account.ts';
import { type BringDeps, bringHistories } from './bring.ts';
import type { FrozenRun } from './frozen-run.ts';
import { mustBeDeployed } from './request.ts';

/** The table and the histories; without `write`, nothing changes. */
export interface ApplyDeps extends DecideDeps, Pick<BringDeps, 'load' | 'loadAt' | 'lines' | 'brought'> {}

/** Which histories are brought, which parts of the table are read, and after how many entries it ends. */
export interface ApplyRange extends Pick<DecideRange, 'parts' | 'mostEntries'> {
  readonly run?: FrozenRun | undefined;
}

/**
 * Brings histories to the profiles of their people, tells all other profiles that they have none, and decides the
 * segments of everybody whom other definitions decided. It is safe to stop and to repeat.
 * @throws OperatorRefused when a deployment with other definitions overtakes it
 */
export async function applyDefinitions({ run, ...range }: ApplyRange, given: ApplyDeps): Promise<DecisionAccount> {
  const config = parseConfig(given.config);
  const deps = given.write === undefined ? given : whileDeployed(given, config);
  const account = new Gathered(deps.config.segments ?? []);
  if (run === undefined) return decideSegments(range, deps, account);
  const { registry, manifest } = run;
  const { people, lacking, counted, stopped } = await bringHistories(
    { files: manifest.files, mostEntries: range.mostEntries },
    { ...deps, rules: { ...config, registry } },
    account,
  );
  if (stopped) return account.now(true);
  if (people !== manifest.people)
    throw new Error(`the run ${manifest.run} has ${manifest.people} people, but its files have ${people}`);
  const isCounted = (profileId: string): boolean => counted.has(profileId);
  return decideSegments({ ...range, brought: { registry, lacking, isCounted } }, deps, account);
}

/** Reads on only while these definitions are deployed: a run may last until there are others. */
function whileDeployed(deps: ApplyDeps, config: CdpConfig): ApplyDeps {
  async function* checked<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
    for await (const item of items) {
      const registry = await deps.registry();
      if (registry !== undefined) mustBeDeployed(registry, config);
      yield item;
    }
  }
  return { ...deps, lines: (key) => checked(deps.lines(key)), scan: (part) => checked(deps.scan(part)) };
}
