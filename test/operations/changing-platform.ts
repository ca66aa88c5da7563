import fc from 'fast-check';
import { newProfileId } from '../../lambdas/adapters/dynamodb/profile-id.ts';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import type { Event } from '../../lambdas/core/events/event.ts';
import { firstRegistry, registered, untilCut } from '../../lambdas/core/segments/history/registry.ts';
import { did, didNot } from '../../lambdas/core/segments/language/events.ts';
import { trait } from '../../lambdas/core/segments/language/people.ts';
import { programOf } from '../../lambdas/core/segments/program/compile.ts';
import { sight } from '../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../lambdas/core/stitching/plan.ts';
import type { ProfileWrite } from '../../lambdas/core/stitching/profile-write.ts';
import { applyDefinitions } from '../../lambdas/operations/histories/apply.ts';
import { endRun, nextRun, type RunDeps } from '../../lambdas/operations/histories/frozen-run.ts';
import type { HistoryRequest } from '../../lambdas/operations/histories/request.ts';
import { MemoryTable } from '../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../fixtures/events.ts';
import { historyLines } from './history-lines.ts';

const pros = { key: 'pros', name: 'Pros', where: trait('plan').equals('pro') };
const buyers = { key: 'buyers', name: 'Buyers', where: did('Bought').atLeast(2) };
const quiet = { key: 'quiet', name: 'Quiet', where: didNot('Bought').within('30d') };
/** What is defined before, and after. */
export const before = configOf({ segments: [pros] });
export const after = configOf({ segments: [pros, buyers, quiet] });

const deployed = 1000;
/** The minute at which new aggregates begin to count. */
export const cut = deployed + untilCut / 60_000;
/** The minute until which the lake knows everything when the job runs. */
export const frozen = cut + 30;
const end = frozen + 100;
const ids = (config: CdpConfig): string[] => [...programOf(config).aggregates.keys()];

/** Something that somebody does in a minute: as one of their two devices, buying or looking, or logging in on both. */
interface Act {
  readonly at: number;
  readonly person: number;
  readonly device: number;
  readonly does: 'Bought' | 'Looked' | 'login';
}

/** What four people do. */
export const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.record({
    at: fc.oneof(
      fc.integer({ min: 0, max: end - 1 }),
      fc.constantFrom(deployed - 1, deployed, cut - 1, cut, frozen, frozen + 1),
    ),
    person: fc.nat(3),
    device: fc.nat(1),
    does: fc.constantFrom('Bought', 'Bought', 'Looked', 'login'),
  }),
  { minLength: 1, maxLength: 30 },
);

/** Their events, in the order of their receipt. */
export const eventsOf = (all: readonly Act[]): Event[] =>
  all
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, person, device, does }, n) =>
      eventOf({
        ...{ messageId: `m${n}`, event: does, anonymousId: `a${person}-${device}` },
        ...(does === 'login' && { userId: `u${person}` }),
        ...{ timestamp: minute(at), receivedAt: minute(at) },
      }),
    );

const parts = [{ part: 0, parts: 1 }];

/** A platform whose definitions change: its table, its registry, and the lake's files. */
export class Platform {
  readonly table = new MemoryTable();
  /** What is announced while histories are brought. */
  readonly announced: string[] = [];
  private isApplying = false;
  registry = firstRegistry([]);
  version = 1;
  now = 0;
  /** What somebody else does when it begins to read lines, or the table. */
  onLines = (): void => {};
  onScan = (): void => {};
  /** Writes until the process dies. */
  left = Number.POSITIVE_INFINITY;
  readonly files = new Map<string, unknown>();
  /** When the job runs. */
  frozenAt = Date.parse(minute(frozen));
  private readonly lake: Event[] = [];

  async stitch(event: Event, config: CdpConfig) {
    this.now = Date.parse(event.receivedAt);
    this.isApplying = false;
    this.lake.push(event);
    const rules = { ...config, registry: this.registry };
    const sightings = sight([event], rules);
    const { writes } = planStitch(
      sightings,
      await this.table.load(sightings[0]?.identifiers ?? []),
      rules,
      newProfileId,
    );
    for (const write of writes) await this.write(write);
  }

  write = async (write: ProfileWrite) => {
    if (this.left-- <= 0) throw new Error('died');
    const outcome = await this.table.write(write);
    if (outcome.kind === 'written' && this.isApplying)
      for (const { segment, change } of write.changes)
        this.announced.push(`${write.profile.profileId} ${change} ${segment}`);
    return outcome;
  };

  /** The job: it knows what was received until `frozen`. */
  private async gather(run: string, request: HistoryRequest): Promise<void> {
    const { lines, people, events } = historyLines(this.lake.filter(isBefore(frozen + 1)), request);
    const { from, generation } = request;
    const counts = { lines: lines.length, people, events };
    this.files.set('lines', lines);
    this.files.set(`${run} manifest`, {
      run,
      at: new Date(this.frozenAt).toISOString(),
      from,
      generation,
      ...counts,
      files: ['lines'],
    });
  }

  readonly runs = (config: CdpConfig): RunDeps => ({
    config,
    registry: {
      read: async () => ({ registry: this.registry, version: this.version }),
      write: async (registry, version) => {
        if (version !== this.version) return { kind: 'contended' };
        this.registry = registry;
        this.version += 1;
        return { kind: 'written' };
      },
    },
    files: {
      read: async (run, about) => this.files.get(`${run} ${about}`),
      write: async (run, about, value) => void this.files.set(`${run} ${about}`, value),
    },
    gather: (run, request) => this.gather(run, request),
    now: () => this.now,
  });

  /** One run of `apply`. */
  async apply(config: CdpConfig, { mostEntries, isDry = false }: { mostEntries?: number; isDry?: boolean } = {}) {
    this.isApplying = true;
    const run = await nextRun(this.runs(config), false);
    const account = await applyDefinitions(
      { run, parts, mostEntries },
      { ...this.asked(config), ...(isDry ? {} : { write: this.write }) },
    );
    if (run && !isDry && !account.stopped) await endRun(run.manifest.run, { at: '', waiting: {} }, this.runs(config));
    return account;
  }

  /** What `preview` tells. */
  preview = (config: CdpConfig) => applyDefinitions({ parts }, this.asked(config));

  private asked(config: CdpConfig) {
    const live = () => this.table.live().map((profile) => this.stored(profile.profileId));
    const { load, loadAt, readAccounts } = this.table;
    return {
      ...{ config, load, loadAt, readAccounts, pause: async () => {}, now: () => this.now },
      scan: () => this.pages(live),
      registry: async () => this.registry,
      read: async (some: readonly string[]) => some.map((id) => this.stored(id)),
      lines: () => {
        this.onLines();
        return linesOf(this.files.get('lines') as string[]);
      },
    };
  }

  private async *pages(live: () => ReturnType<Platform['stored']>[]) {
    this.onScan();
    yield live();
  }

  private stored(profileId: string) {
    const item = this.table.items.get(profileId);
    if (item?.kind !== 'profile') throw new Error(`${profileId} is gone`);
    return item;
  }
}

async function* linesOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

const isBefore =
  (at: number) =>
  ({ receivedAt }: Event): boolean =>
    receivedAt < minute(at);

/** A platform whose definitions changed at `deployed`, with everything that happened until `until`. */
export async function changed(events: readonly Event[], until = frozen): Promise<Platform> {
  const platform = new Platform();
  for (const event of events.filter(isBefore(deployed))) await platform.stitch(event, before);
  platform.registry = registered(platform.registry, ids(after), Date.parse(minute(deployed)));
  const meanwhile = events.filter((event) => !isBefore(deployed)(event) && isBefore(until + 1)(event));
  for (const event of meanwhile) await platform.stitch(event, after);
  platform.now = Date.parse(minute(until));
  return platform;
}

/** Members of each segment, by the identifiers of whoever is in. */
export function membersOf({ table }: Platform): string[] {
  return table
    .live()
    .flatMap(({ identifiers, segments }) =>
      [...segments.keys()].map((key) => `${key}: ${[...identifiers.keys()].sort().join(' ')}`),
    )
    .sort();
}

/** A platform that had these definitions from the beginning. */
export async function always(events: readonly Event[], config = after): Promise<Platform> {
  const platform = new Platform();
  platform.registry = firstRegistry(ids(config));
  for (const event of events) await platform.stitch(event, config);
  return platform;
}
