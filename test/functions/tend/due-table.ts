import { randomBytes } from 'node:crypto';
import { dueProfiles } from '../../../lambdas/adapters/dynamodb/due-index.ts';
import { stateKey } from '../../../lambdas/adapters/dynamodb/keys.ts';
import { memberTable } from '../../../lambdas/adapters/dynamodb/members.ts';
import { packItem, unpackItem } from '../../../lambdas/adapters/dynamodb/packed-items.ts';
import { profileTable } from '../../../lambdas/adapters/dynamodb/profile-table.ts';
import { dueIndex, table } from '../../../lambdas/core/contract/storage.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { profileIdOf } from '../../../lambdas/core/profile/profile-id.ts';
import { traitOf } from '../../../lambdas/core/profile/trait.ts';
import { planWake } from '../../../lambdas/core/stitching/wake.ts';
import { parseProfileItem, toProfileItem, toTombstone } from '../../../lambdas/core/table/profile-item.ts';
import { createHandler, type TendDeps } from '../../../lambdas/functions/tend/handler.ts';
import type { Wakes } from '../../../lambdas/functions/tend/wake.ts';
import type { Item } from '../../fakes/condition-expression.ts';
import { MemoryDynamoDb } from '../../fakes/memory-dynamodb.ts';
import { type Change, keyOf } from '../../fakes/memory-store.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';

export const noon = Date.UTC(2026, 4, 1, 12);
const said = eventOf({});
const nothing = { changes: [], log: [] };
const rowKey = (id: string): string => keyOf(stateKey(id));

/** How a wake of a profile is made to fail. */
export type Spoiled = 'plan' | 'again' | 'size' | 'item' | 'bytes';

/** A table whose profiles enter a segment when they are woken, and a tend with a clock of its own. */
export class DueTable {
  readonly told: object[] = [];
  readonly warnings: unknown[] = [];
  /** When a profile that was woken is due again. */
  next: (at: number) => number | undefined = () => undefined;
  private readonly entries = new Map<string, number>();
  private readonly spoiled = new Map<string, Spoiled>();
  private readonly waiting = new Map<string, { times: number; readonly act: () => unknown }>();
  private readonly memory = new MemoryDynamoDb(undefined, (changes) => changes.forEach(this.note, this));
  private readonly rows = this.memory.rows('profiles');
  private onPage: () => unknown = () => {};
  private made = 0;

  now: number;

  constructor(now = noon) {
    this.now = now;
  }

  tend = (event: unknown, plan = this.plan): Promise<Wakes> => createHandler(this.deps(), plan)(event);

  /** Times that a profile entered. */
  entered = (id: string): number => this.entries.get(id) ?? 0;

  /** Keeps so many profiles, all with the same facts, whose ids are wanted. */
  keepMany(count: number, facts: Partial<Profile>, wanted: (id: string) => boolean = () => true): string[] {
    const ids: string[] = [];
    while (ids.length < count) {
      const id = profileIdOf('users', new Date(noon).toISOString(), String(++this.made).padStart(20, '0'));
      if (wanted(id)) ids.push(id);
    }
    for (const id of ids) this.put(id, toProfileItem({ ...newProfile(id, said), ...facts }, 1, nothing));
    return ids;
  }

  keep = (facts: Partial<Profile>): string => this.keepMany(1, facts)[0] ?? '';

  dueIds(): string[] {
    return [...this.rows.values()].flatMap((row) => (row[dueIndex.at] === undefined ? [] : [String(row.profileId)]));
  }

  trait = (id: string): unknown => this.read(id).profile.traits.get('by')?.value;

  /** Writes a profile as somebody else, at its next version. */
  touch(id: string, facts: Partial<Profile> = {}): void {
    const { profile, version } = this.read(id);
    const traits = new Map([['by', traitOf(`other ${version}`, said)]]);
    this.put(id, toProfileItem({ ...profile, traits, ...facts }, version + 1, nothing));
  }

  bury(id: string): void {
    const { profile, version } = this.read(id);
    const merge = { shared: new Map(), mergedInto: 'other', messageId: 'm', at: said.receivedAt };
    this.put(id, toTombstone({ profile, version: version + 1, ...merge }));
  }

  remove = (id: string): boolean => this.rows.delete(rowKey(id));

  /** Does something before the next writes of a profile. */
  beforeWrite = (id: string, act: () => unknown, times = 1) => void this.waiting.set(id, { times, act });

  /** Does something once, between a look into the index and the reading of its profiles. */
  afterPage(act: () => unknown): void {
    this.onPage = () => {
      this.onPage = () => {};
      act();
    };
  }

  spoil(id: string, how: Spoiled): void {
    this.spoiled.set(id, how);
    const row = this.rows.get(rowKey(id));
    if (how === 'item') this.rows.set(rowKey(id), { ...row, version: 'none' });
    if (how === 'bytes') this.rows.set(rowKey(id), { ...row, [table.packed]: new Uint8Array([1, 2, 3]) });
  }

  mend(id: string): void {
    this.spoiled.delete(id);
    const { dueShard, dueAt } = this.rows.get(rowKey(id)) ?? {};
    this.put(id, { ...toProfileItem(newProfile(id, said), 1, nothing), dueShard, dueAt });
  }

  private plan: typeof planWake = (read, config, at) => {
    const how = this.spoiled.get(read.profile.profileId);
    if (how === 'plan') throw new TypeError('as the test wants it');
    const dueAt = how === 'again' ? Date.parse(at) : this.next(Date.parse(at));
    const traits = new Map([['big', { ...traitOf('', said), value: randomBytes(600_000).toString('base64') }]]);
    const planned = planWake(read, config, at);
    const profile = { ...planned.profile, ...(how === 'size' && { traits }), dueAt };
    return { ...planned, profile, changes: [{ segment: 'lapsed', change: 'entered' }] };
  };

  private deps(): TendDeps {
    const due = dueProfiles(this.memory.client, 'profiles', async () => {});
    const { write, readAccounts } = profileTable(this.memory.client, 'profiles', String, async () => {});
    return {
      ...due,
      readAccounts,
      members: memberTable(this.memory.client, 'profiles', String, async () => {}),
      config: configOf(),
      registry: async () => undefined,
      page: async (...asked) => {
        const page = await due.page(...asked);
        if (page.entries.length > 0) this.onPage();
        return page;
      },
      write: async (planned) => {
        const waiting = this.waiting.get(planned.profile.profileId);
        if (waiting && waiting.times-- > 0) waiting.act();
        return write(planned);
      },
      pause: async () => {},
      sleep: async (milliseconds) => {
        this.now += milliseconds;
      },
      now: () => this.now,
      tell: (told) => this.told.push(told),
      warn: (...warning) => this.warnings.push(warning),
    };
  }

  private read(id: string) {
    const item = parseProfileItem(unpackItem(this.rows.get(rowKey(id)) ?? {}));
    if (item.kind !== 'profile') throw new Error(`${id} is merged`);
    return item;
  }

  private put = (id: string, item: Item) => this.rows.set(rowKey(id), packItem({ ...stateKey(id), ...item }));

  private note({ after }: Change): void {
    const id = String(after?.profileId);
    if (after?.changes !== undefined) this.entries.set(id, this.entered(id) + 1);
  }
}
