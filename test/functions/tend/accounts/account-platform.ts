import type { CdpConfig } from '../../../../lambdas/core/config/config.ts';
import type { Event } from '../../../../lambdas/core/events/event.ts';
import { ownerNames } from '../../../../lambdas/core/profile/owner-name.ts';
import type { Profile } from '../../../../lambdas/core/profile/profile.ts';
import { did } from '../../../../lambdas/core/segments/language/events.ts';
import { account, inSegment, trait } from '../../../../lambdas/core/segments/language/people.ts';
import { withAccounts } from '../../../../lambdas/core/stitching/accounts.ts';
import { sight } from '../../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../../../lambdas/core/stitching/plan.ts';
import type { ProfileWrite } from '../../../../lambdas/core/stitching/profile-write.ts';
import type { TendDeps } from '../../../../lambdas/functions/tend/handler.ts';
import { MemoryTable } from '../../../fakes/memory-table.ts';
import { configOf, eventOf } from '../../../fixtures/events.ts';
import { type Plan, tendInMemory } from '../../../fixtures/in-memory/tend.ts';

const start = Date.UTC(2026, 4, 1);
/** Segments of people that ask about their accounts. */
export const asking = configOf({
  segments: [
    { key: 'pro', name: 'Has a pro account', where: account(trait('plan').equals('pro')) },
    { key: 'at_busy', name: 'Has a busy account', where: account(inSegment('busy')) },
    { key: 'busy', name: 'Busy', of: 'accounts', where: did('Paid').within('10m') },
  ],
});

/** What tend does by the table. */
export type TableDeps = ReturnType<MemoryTable['forTend']>;

/** A table, a stream and a tend whose clock is the test's. */
export class AccountPlatform {
  now = start;
  readonly table: MemoryTable;
  readonly loads: number[] = [];
  private made: number;

  readonly config: CdpConfig;

  constructor(config = asking, table = new MemoryTable()) {
    this.config = config;
    this.table = table;
    this.made = table.items.size;
  }

  event = (fields: Record<string, unknown>): Event =>
    eventOf({ timestamp: this.iso(), receivedAt: this.iso(), ...fields });

  joins = (userId: string, traits: object = {}, groupId = 'acme', more: object = {}): Event =>
    this.event({ type: 'group', userId, groupId, traits, ...more });

  async plan(...events: Event[]): Promise<readonly ProfileWrite[]> {
    const sightings = sight(events, this.config);
    const load = (names: Parameters<MemoryTable['load']>[0]) => {
      this.loads.push([...names].length);
      return this.table.load(names);
    };
    const snapshot = await withAccounts(load, this.config)(ownerNames(sightings));
    const id = (_at: string, of: string) => `${of === 'users' ? 'per' : 'acc'}_${String(++this.made).padStart(4, '0')}`;
    return planStitch(sightings, snapshot, this.config, id).writes;
  }

  async write(writes: readonly ProfileWrite[]): Promise<string[]> {
    const outcomes = [];
    for (const write of writes) outcomes.push((await this.table.write(write)).kind);
    return outcomes;
  }

  take = async (...events: Event[]): Promise<string[]> => this.write(await this.plan(...events));

  /** A minute later, tend wakes whoever is due. */
  tend = async (change: (deps: TableDeps) => Partial<TendDeps> = () => ({}), plan?: Plan): Promise<number> => {
    this.now += 60_000;
    const changed = change(this.table.forTend());
    const { woken } = await tendInMemory(this.table, { config: this.config, now: () => this.now, ...changed }, plan);
    return woken;
  };

  members = (key: string): string[] =>
    this.table
      .live()
      .filter(({ segments }) => segments.has(key))
      .flatMap(({ identifiers }) => [...identifiers.keys()])
      .sort();

  profileOf = (identifier: string): Profile =>
    this.table.live().find(({ identifiers }) => identifiers.has(identifier as never)) as Profile;

  private iso = (): string => new Date(this.now).toISOString();
}
