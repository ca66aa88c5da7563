import { traitsOf } from '../../../lambdas/core/apis/profile-traits.ts';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { Event } from '../../../lambdas/core/events/event.ts';
import { textOf } from '../../../lambdas/core/identifiers/identifier.ts';
import { markOf } from '../../../lambdas/core/profile/message-key.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import type { AggregateRegistry } from '../../../lambdas/core/segments/history/registry.ts';
import { silentOf } from '../../../lambdas/core/segments/history/standing.ts';
import { programOf } from '../../../lambdas/core/segments/program/compile.ts';
import type { Change } from '../../fakes/memory-store.ts';
import type { Happened } from '../people/changing.ts';
import type { Tally } from '../running/tally.ts';
import { CommitChecker } from './commit-checker.ts';
import { ToldChecker } from './told-checker.ts';
import { Truth } from './truth.ts';

/** An event as the lake has it. */
interface Heard {
  readonly happened: Happened;
  readonly event: Event;
}

/** Holds every write, and everybody at the end, to what is true by the list of all events. */
export class ChangingChecker {
  readonly commits: CommitChecker;
  readonly violations: string[] = [];
  /** Writes of profiles. */
  writes = 0;
  private readonly told: ToldChecker;
  private readonly truth = new Truth();
  private readonly heard = new Map<string, Heard>();
  private config: CdpConfig;
  private readonly tally: Tally;
  private readonly now: () => number;

  constructor(config: CdpConfig, tally: Tally, now: () => number) {
    const { limits, defaultLimit } = config.identity;
    this.commits = new CommitChecker(
      (type) => limits[type] ?? { max: defaultLimit, window: 'ever' },
      tally,
      () => true,
    );
    this.told = new ToldChecker(config.identity, tally);
    this.tally = tally;
    this.now = now;
    this.config = config;
  }

  /** New functions begin to work. */
  deploy(config: CdpConfig): void {
    this.config = config;
  }

  /** Takes note of what is received. */
  hear(happened: Happened, line: string): void {
    const event = Event.parse(JSON.parse(line));
    const mark = markOf(event);
    if (!this.heard.has(mark)) this.heard.set(mark, { happened, event });
    this.truth.happened.set(mark, happened);
  }

  live = (): Profile[] =>
    [...this.commits.profiles.values()].flatMap((item) => (item.kind === 'profile' ? [item.profile] : []));

  /** What the lake writes down of everybody. */
  lines = (): object[] =>
    this.live().flatMap(({ profileId, collection, identifiers, merged }) => {
      const names = [...identifiers.keys()];
      const heard =
        collection === 'accounts'
          ? [...this.heard.values()].filter(({ happened }) => names.some((id) => textOf(id) === happened.groupId))
          : [...this.commits.layers.saidTo({ profileId, merged })].flatMap((mark) => this.heard.get(mark) ?? []);
      const events = heard.map(({ event }) => historyOf(event));
      return events.length === 0 ? [] : [{ profileId, collection, identifiers: names, events }];
    });

  onCommit = (changes: readonly Change[]): void => {
    const ids = changes.flatMap(({ key }) =>
      key.startsWith('profile#') ? [key.slice('profile#'.length, -' state'.length)] : [],
    );
    this.writes += ids.length;
    const items = () => ids.flatMap((id) => this.commits.profiles.get(id) ?? []);
    const before = items().flatMap((item) => (item.kind === 'profile' ? [item.profile] : []));
    this.commits.onCommit(changes);
    this.told.check(changes, before, items());
    this.violations.push(...this.commits.violations.splice(0), ...this.told.violations.splice(0));
    const isUnmerge = changes.some(({ after }) => String(after?.log).includes('"kind":"unmerge"'));
    for (const item of items())
      if (item.kind === 'profile' && item.profile.collection === 'users')
        this.checkChanges(item.profile, before, isUnmerge);
  };

  /** By what was said so far, whoever enters is in, and whoever exits is out. Accounts are looked at in the end. */
  private checkChanges(profile: Profile, before: readonly Profile[], isUnmerge: boolean): void {
    const config = this.config;
    // An invocation from before a deployment decides by what new functions count no more, until the next one.
    const isFromBefore = profile.decided?.by !== programOf(config, 'users').id;
    this.tally.add('decided by definitions from before', Number(isFromBefore));
    const defined = config.segments.filter(
      ({ where }) => !isFromBefore && !JSON.stringify(where).includes('"account"'),
    );
    const own = before.find(({ profileId }) => profileId === profile.profileId);
    for (const { key } of defined) {
      const since = profile.segments.get(key);
      const isNews = since === undefined ? own?.segments.has(key) : !before.some(({ segments }) => segments.has(key));
      if (isNews !== true) continue;
      // Of whoever is restored by an unmerge, a layer says since when it was in.
      const at = since === undefined || isUnmerge ? profile.decided?.at || this.now() : Date.parse(since);
      const isIn = this.truth.segmentsOf(this.saidTo(profile), 'people', config, at).includes(key);
      if (isIn !== (since !== undefined))
        this.violations.push(
          `${profile.profileId} ${since === undefined ? 'exited' : 'entered'} ${key} wrongly, at ${at}`,
        );
    }
  }

  /** Everybody is in what all events say, but in what waits for its history, which only the parted may do for good. */
  checkAll(registry: AggregateRegistry | undefined): void {
    const { config } = this;
    const rules = { ...config, registry };
    for (const profile of this.live()) {
      const of = profile.collection === 'accounts' ? 'accounts' : 'people';
      const silent = silentOf(rules, profile.collection, profile);
      const told = (keys: Iterable<string>): string => [...keys].filter((key) => !silent.segments.has(key)).join();
      const said = this.saidTo(profile);
      this.compare(
        profile,
        told([...profile.segments.keys()].sort()),
        told(this.truth.segmentsOf(said, of, config, this.now())),
      );
      this.tally.add('compared at the end');
      this.tally.add(`silent at the end, ${this.wasParted(profile) ? 'parted' : 'never parted'}`, silent.segments.size);
      if (silent.segments.size > 0 && !this.wasParted(profile))
        this.violations.push(`${profile.profileId} still waits for the history of ${[...silent.segments]}`);
      if (of === 'people') this.compareTraits(profile, rules, said);
    }
  }

  private compareTraits(
    profile: Profile,
    rules: CdpConfig & { registry: AggregateRegistry | undefined },
    said: Happened[],
  ) {
    const { traits } = silentOf(rules, 'users', profile);
    const { items } = traitsOf(
      profile,
      rules,
      { class: 'computed_trait', verbose: false, limit: 10 } as never,
      this.now(),
    );
    const wanted = Object.entries(this.truth.traitsOf(said, rules, this.now())).filter(([key]) => !traits.has(key));
    this.tally.add('computed traits compared', wanted.length);
    this.compare(profile, JSON.stringify([...items].sort()), JSON.stringify(wanted.sort()));
  }

  private compare({ profileId }: Profile, found: string, wanted: string): void {
    if (found !== wanted) this.violations.push(`${profileId} is in ${found}, not in ${wanted}, at ${this.now()}`);
  }

  private wasParted = ({ apart }: Profile): boolean => apart.size > 0;

  private saidTo({ profileId, collection, identifiers, merged }: Profile): Happened[] {
    if (collection === 'accounts') return this.truth.ofAccount(String([...identifiers.keys()].map(textOf)[0]));
    return [...this.commits.layers.saidTo({ profileId, merged })].flatMap(
      (mark) => this.heard.get(mark)?.happened ?? [],
    );
  }
}

const historyOf = (event: Event): object => ({
  type: event.type,
  ...(event.type === 'track' && { event: event.event, properties: event.properties }),
  ...('traits' in event && { traits: event.traits }),
  at: Date.parse(event.timestamp),
  receivedAt: Date.parse(event.receivedAt),
  mark: markOf(event),
});
