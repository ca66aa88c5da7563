import type { HistoryFiles } from '../../adapters/lake/histories.ts';
import { type CdpConfigInput, parseConfig } from '../../core/config/config.ts';
import type { AggregateRegistry } from '../../core/segments/history/registry.ts';
import { silentOf } from '../../core/segments/history/standing.ts';

/** Which definitions have their history, for all profiles that were there before them. */
export interface HistoryStanding {
  /** How often a deployment added something to count. */
  readonly generation: number;
  /** Histories were brought up to this generation. */
  readonly complete: number;
  /** Segments and computed traits that wait for their history, or for their deployment. */
  readonly waiting: { readonly segments: readonly string[]; readonly traits: readonly string[] };
}

/** What stands of the definitions of a configuration; undefined where a table has no registry. */
export function standingOf(
  config: CdpConfigInput,
  registry: AggregateRegistry | undefined,
): HistoryStanding | undefined {
  if (registry === undefined) return undefined;
  const { generation, complete } = registry;
  const rules = { ...parseConfig(config), registry };
  const histories = { born: 0, based: complete, counts: generation };
  const silent = (['users', 'accounts'] as const).map((collection) => silentOf(rules, collection, { histories }));
  const keys = (of: 'segments' | 'traits'): string[] => silent.flatMap((each) => [...each[of]]).sort();
  return { generation, complete, waiting: { segments: keys('segments'), traits: keys('traits') } };
}

/** What came of a run: when, and how many profiles still lack a history, by the reason. */
export interface RunOutcome {
  readonly at: string;
  readonly waiting: Readonly<Record<string, number>>;
}

/** What came of the newest run that ended; undefined without one. */
export async function lastOutcome(files: Pick<HistoryFiles, 'read' | 'runs'>): Promise<RunOutcome | undefined> {
  const outcomes: RunOutcome[] = [];
  for (const run of await files.runs()) {
    const told = await files.read(run, 'outcome');
    if (told !== undefined) outcomes.push(told as RunOutcome);
  }
  return outcomes.sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
}
