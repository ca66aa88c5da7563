import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import type { Profile, ProfileId } from '../../lambdas/core/profile/profile.ts';
import type { HistoryLine } from '../../lambdas/core/segments/history/history.ts';
import {
  type AggregateRegistry,
  aggregatesOf,
  completed,
  type Frozen,
  firstRegistry,
  isComplete,
  latestCut,
  registered,
  withFrozen,
} from '../../lambdas/core/segments/history/registry.ts';
import { silentOf } from '../../lambdas/core/segments/history/standing.ts';
import { isDecidedBy } from '../../lambdas/core/segments/membership.ts';
import type { StoredProfile } from '../../lambdas/core/stitching/batch/snapshot.ts';
import { type BringingRules, planAbsence } from '../../lambdas/core/stitching/history.ts';
import type { ProfileWrite } from '../../lambdas/core/stitching/profile-write.ts';
import { Gathered } from '../../lambdas/operations/decision-account.ts';
import { bringHistories } from '../../lambdas/operations/histories/bring.ts';
import { SegmentPlay } from '../core/stitching/segment-play.ts';
import { death, type Fate, FatedWrites } from './fated-writes.ts';
import { type Line, linesOf, MissedEvents, ownerOf } from './histories-lake.ts';

/** What one does wrong on purpose, to see that it would be noticed. */
export interface Mistakes {
  /** Rules that stitch works with. */
  readonly stitching?: (registry: AggregateRegistry) => AggregateRegistry;
  /** The registry that histories are brought with. */
  readonly bringing?: (registry: AggregateRegistry) => AggregateRegistry;
  /** What is written. */
  readonly written?: (write: ProfileWrite) => ProfileWrite;
  /** A profile as it is read to get a history. */
  readonly read?: (profile: Profile) => Profile;
}

/** Plays definitions that change: deployments, frozen histories, and how they are brought. */
export class HistoriesPlay {
  readonly play: SegmentPlay;
  readonly writes: FatedWrites;
  readonly seen = { deployed: 0, absent: 0, refused: 0, silent: 0, decided: 0 };
  registry: AggregateRegistry;
  private readonly lacking = new Set<ProfileId>();
  private readonly missed = new MissedEvents();
  private readonly mistakes: Mistakes;
  private lines: readonly Line[] = [];
  private runs = 0;

  constructor(config: CdpConfig, start: number, mistakes: Mistakes = {}) {
    this.play = new SegmentPlay(config, start);
    this.mistakes = mistakes;
    this.registry = firstRegistry(aggregatesOf(config));
    this.use(config);
    this.writes = new FatedWrites(this.play);
    const { table } = this.play;
    const { write } = table;
    table.write = (planned) => write(mistakes.written?.(planned) ?? planned);
  }

  /** A deployment with other definitions. */
  deploy(config: CdpConfig): void {
    this.registry = registered(this.registry, aggregatesOf(config), this.play.now);
    this.seen.deployed += 1;
    this.use(config);
  }

  /** The lake writes down what it has, when all new aggregates count. */
  async freeze(): Promise<void> {
    if (isComplete(this.registry) || this.registry.frozen !== undefined) return;
    await this.play.pass(Date.parse(latestCut(this.registry.aggregates.values()) ?? '') + 15 * 60_000);
    const { complete: from, generation } = this.registry;
    const at = new Date(this.play.now).toISOString();
    this.registry = withFrozen(this.registry, { run: `run-${++this.runs}`, at, from, generation });
    this.lines = linesOf(this.play, this.bringing);
    this.lacking.clear();
    this.use(this.play.rules);
  }

  /** Some lines are brought, beginning anywhere; a line may come again. Something happens to the first write. */
  async bring(from: number, count: number, fate: Fate = 'none'): Promise<void> {
    const { length } = this.lines;
    this.writes.fate = fate;
    try {
      for (let n = 0; n < Math.min(count, length); n++) await this.bringLine(this.lines[(from + n) % length]);
    } catch (error) {
      if (error !== death) throw error;
    }
    this.writes.fate = 'none';
  }

  /** All histories are brought, and whoever has none is told so; doing it again would write nothing. */
  async finish(): Promise<void> {
    if (this.registry.frozen === undefined) return;
    for (let again = 0; again < 2; again++) {
      const { writes } = this.play.table;
      await this.bring(0, this.lines.length);
      for (const stored of this.stored()) await this.tellAbsence(stored);
      if (again > 0 && this.play.table.writes > writes) throw new Error('a second run wrote something');
    }
    this.missed.note(this.play, this.registry.frozen);
    this.registry = completed(this.registry);
    this.use(this.play.rules);
  }

  /** Of each live profile the segments that are decided, in the table and by the list of events; and the others. */
  compared() {
    const { rules, held, table } = this.play;
    const unsettled = held.flatMap((event) => ownerOf(event, table) ?? []);
    return this.play.compared().flatMap(({ profileId, found, expected }) => {
      const item = table.items.get(profileId);
      if (item?.kind !== 'profile' || unsettled.includes(profileId) || !isDecidedBy(item.profile, rules)) return [];
      if (this.missed.isFeltBy(item.profile, this.play, this.registry)) return [];
      const silent = silentOf(rules, 'users', item.profile).segments;
      this.seen.silent += silent.size;
      this.seen.decided += rules.segments.length - silent.size;
      // A profile keeps what was decided for one that merged into it, or before an event came late.
      const { merged, apart, histories } = item.profile;
      const isAlone = merged.size + apart.size === 0 && histories?.filling?.late !== true;
      const told = (keys: readonly string[]): string[] => keys.filter((key) => !silent.has(key));
      return [
        {
          profileId,
          found: told(found),
          expected: told(expected),
          silent: isAlone ? found.filter((key) => silent.has(key)) : [],
        },
      ];
    });
  }

  private use(config: CdpConfig): void {
    const registry = this.mistakes.stitching?.(this.registry) ?? this.registry;
    this.play.rules = { ...config, registry };
  }

  private get bringing(): BringingRules {
    const registry = this.mistakes.bringing?.(this.registry) ?? this.registry;
    return { ...this.play.rules, registry: registry as AggregateRegistry & { readonly frozen: Frozen } };
  }

  private async bringLine(line: Line | undefined): Promise<void> {
    if (line === undefined || this.registry.frozen === undefined) return;
    const { table, now, rules } = this.play;
    const read = this.mistakes.read ?? ((profile: Profile) => profile);
    const text = JSON.stringify({ profileId: line.identifiers[0], ...line } satisfies HistoryLine | object);
    const { lacking } = await bringHistories(
      { files: ['all'] },
      {
        rules: this.bringing,
        lines: async function* () {
          yield text;
        },
        load: async (names) =>
          new Map(
            [...(await table.load(names))].map(([name, each]) => [name, { ...each, profile: read(each.profile) }]),
          ),
        loadAt: table.loadAt,
        write: (write) => this.writes.write(write),
        pause: async () => {},
        now: () => now,
      },
      new Gathered(rules.segments),
    );
    for (const id of lacking) this.lacking.add(id);
    this.seen.refused += lacking.size;
  }

  private async tellAbsence(stored: StoredProfile): Promise<void> {
    const plan = planAbsence(stored, this.lacking, this.bringing, new Date(this.play.now).toISOString());
    if (plan.kind !== 'planned') return;
    await this.play.table.write(plan.write);
    this.seen.absent += 1;
  }

  private stored = (): StoredProfile[] =>
    [...this.play.table.items.values()].flatMap((item) => (item.kind === 'profile' ? [item] : []));
}
