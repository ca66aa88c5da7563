import type { CdpConfig } from '../../../../lambdas/core/config/config.ts';
import type { Event } from '../../../../lambdas/core/events/event.ts';
import { planUnmerge } from '../../../../lambdas/core/operations/plan-unmerge.ts';
import { hourOf, markWindow } from '../../../../lambdas/core/profile/message-marks.ts';
import { ownerNames } from '../../../../lambdas/core/profile/owner-name.ts';
import type { ProfileId } from '../../../../lambdas/core/profile/profile.ts';
import { withAccounts } from '../../../../lambdas/core/stitching/accounts.ts';
import { type Sighting, sight } from '../../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../../../lambdas/core/stitching/plan.ts';
import type { ProfileWrite } from '../../../../lambdas/core/stitching/profile-write.ts';
import type { Random } from '../../../../local/demo/shop/random.ts';
import { MemoryTable } from '../../../fakes/memory-table.ts';
import { eventOf } from '../../../fixtures/events.ts';
import { tendInMemory } from '../../../fixtures/in-memory/tend.ts';

/** What happens next. Of a call that is held, the writes are planned now and made later. */
export interface AccountStep {
  readonly do: 'event' | 'group' | 'again' | 'login' | 'unmerge' | 'wake';
  readonly device: number;
  readonly account: number;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly isHeld: boolean;
}

/** A write that is planned and not made yet, and the event that it applies. */
interface Held {
  readonly write: ProfileWrite;
  readonly event: Event;
}

/** Tend died at a call to the table. */
class Died extends Error {
  override readonly name = 'Died';
}

const second = 1000;

/** Plays people and accounts against the table, with writes that wait, and a tend that is overtaken and dies. */
export class AccountPlay {
  readonly table = new MemoryTable();
  readonly seen = { wakes: 0, merges: 0, unmerges: 0, deaths: 0, contended: 0, overtaken: 0 };
  readonly toldTo = new Map<ProfileId, Event[]>();
  now: number;
  private readonly config: CdpConfig;
  private readonly random: Pick<Random, 'below' | 'chance'>;
  private held: Held[] = [];
  private last: Event | undefined;
  private made = 0;
  private sent = 0;

  constructor(config: CdpConfig, start: number, random: Pick<Random, 'below' | 'chance'>) {
    this.config = config;
    this.now = start;
    this.random = random;
  }

  async step({ do: what, device, account, traits, isHeld }: AccountStep, call: object, at?: number): Promise<void> {
    if (at !== undefined) this.now = Math.max(this.now, Math.ceil(at / second) * second);
    await this.makeLate();
    if (what === 'unmerge') return this.unmerge(device);
    if (what === 'wake') return this.waken();
    if (what === 'again') return this.last && this.send({ ...this.last, receivedAt: this.iso() }, isHeld);
    const login = what === 'login' ? { event: 'Logged In', userId: `u${device % 2}` } : {};
    const group = what === 'group' ? { type: 'group', groupId: `g${account}`, traits } : {};
    const messageId = `m${String(++this.sent).padStart(5, '0')}`;
    const timestamp = new Date(at ?? this.now).toISOString();
    const said = { ...(what === 'event' && call), ...login, ...group };
    return this.send(
      eventOf({ messageId, anonymousId: `d${device}`, timestamp, receivedAt: this.iso(), ...said }),
      isHeld,
    );
  }

  /** All that waits is written, and everybody who is due is woken, also those whom that makes due. */
  async settle(until = this.now): Promise<void> {
    this.now = Math.max(this.now, Math.ceil(until / second) * second);
    while (this.held.length > 0) {
      if (this.random.chance(0.7)) await this.waken();
      await this.release();
    }
    for (let round = 0; round < 20; round++) {
      this.now += second;
      await this.tend(false);
      if (this.table.live().every(({ dueAt = Infinity }) => dueAt > this.now + second)) return;
    }
    throw new Error('somebody stays due');
  }

  /** Some seconds later, tend begins and may die. */
  private waken(): Promise<void> {
    this.now += 2 * second;
    return this.tend(true);
  }

  private async send(event: Event, isHeld: boolean): Promise<void> {
    this.last = event;
    const writes = await this.planned(sight([event], this.config));
    this.held.push(...writes.map((write) => ({ write, event })));
    if (!isHeld) for (const _ of writes) await this.release();
  }

  private async planned(sightings: readonly Sighting[]): Promise<readonly ProfileWrite[]> {
    const snapshot = await withAccounts(this.table.load, this.config)(ownerNames(sightings));
    const id = (_at: string, of: string) => `${of === 'users' ? 'per' : 'acc'}_${String(++this.made).padStart(4, '0')}`;
    return planStitch(sightings, snapshot, this.config, id).writes;
  }

  /** Makes what waited for so long that a profile would not know its message any more. */
  private async makeLate(): Promise<void> {
    const oldest = hourOf(this.iso()) - markWindow.hours;
    const isLate = ({ event }: Held) => hourOf(event.receivedAt) < oldest;
    const late = this.held.filter(isLate);
    this.held = this.held.filter((one) => !isLate(one));
    for (const one of late) await this.make(one);
  }

  /** Makes a write that waits, or plans its event again if somebody was faster. */
  private async release(): Promise<void> {
    const at = this.random.below(this.held.length);
    const [one] = this.held.splice(at, 1);
    if (one !== undefined) await this.make(one);
  }

  private async make({ write, event }: Held): Promise<void> {
    const { kind } = await this.table.write(write);
    if (kind === 'refused') throw new Error('a write is refused');
    if (kind === 'contended') {
      this.seen.contended += 1;
      for (const again of await this.planned(write.sightings)) await this.make({ write: again, event });
      return;
    }
    this.seen.merges += write.absorbed.length;
    const { profileId } = write.profile;
    this.toldTo.set(profileId, [...(this.toldTo.get(profileId) ?? []), event]);
  }

  /** Others write between its calls to the table, and it dies at some. What it did not do stays due. */
  private async tend(mayDie: boolean): Promise<void> {
    const others =
      <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
      async (...args: Args): Promise<Answer> => {
        if (mayDie && this.random.chance(0.05)) throw new Died();
        if (this.held.length > 0 && this.random.chance(0.3)) {
          this.seen.overtaken += 1;
          await this.release();
        }
        return call(...args);
      };
    const table = this.table.forTend();
    const { page, followed } = table.members;
    try {
      const { woken, failed } = await tendInMemory(this.table, {
        ...{ config: this.config, now: () => this.now, page: others(table.page), read: others(table.read) },
        ...{ readAccounts: others(table.readAccounts), write: others(table.write) },
        members: { page: others((account, after) => page(account, after, 1)), followed: others(followed) },
      });
      if (failed > 0) throw new Error('a wake failed');
      this.seen.wakes += woken;
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      this.seen.deaths += 1;
    }
  }

  private async unmerge(pick: number): Promise<void> {
    const wholes = this.table.live().filter(({ merged }) => merged.size > 0);
    const whole = wholes[pick % wholes.length];
    const target = whole && [...whole.merged.keys()][pick % whole.merged.size];
    const live = whole && this.table.items.get(whole.profileId);
    if (target === undefined || live?.kind !== 'profile') return;
    const cause = { messageId: 'operator', timestamp: this.iso(), at: this.iso() };
    const tombstones = this.table.tombstonesIn(live.profile);
    const people = [live, ...tombstones.values()].map(({ profile }) => profile);
    const config = { ...this.config, accountOf: await this.table.readAccounts(people, this.config) };
    const person = { live, tombstones, owners: this.table.owners };
    const plan = planUnmerge(person, { profileId: target }, { cause, config, newProfileId: () => 'none' });
    if (plan.kind === 'refused') return;
    this.seen.unmerges += 1;
    await this.table.unmerge(plan.write);
  }

  private iso = (): string => new Date(this.now).toISOString();
}
