import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import type { Event } from '../../../lambdas/core/events/event.ts';
import { planUnmerge } from '../../../lambdas/core/operations/plan-unmerge.ts';
import { isGranted } from '../../../lambdas/core/profile/consent.ts';
import { markOf } from '../../../lambdas/core/profile/message-key.ts';
import type { Profile, ProfileId } from '../../../lambdas/core/profile/profile.ts';
import { profileIdOf } from '../../../lambdas/core/profile/profile-id.ts';
import type { StitchRules } from '../../../lambdas/core/stitching/batch/rules.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import { planWake } from '../../../lambdas/core/stitching/wake.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { eventOf } from '../../fixtures/events.ts';
import { type Happened, isTrueOf, type Person } from '../segments/evaluation/oracle.ts';

/**
 * What happens to one of four devices: an event, which may be held up until a later one arrives, the last one again, a
 * login that merges, or an unmerge.
 */
export interface SegmentStep {
  readonly do: 'event' | 'again' | 'login' | 'unmerge' | 'hold' | 'arrive';
  readonly device: number;
}

/** Due dates are whole seconds, so time goes by in whole seconds, too. */
const second = 1000;

/** Somebody told a profile something, which was received then. */
interface Told extends Happened {
  readonly event: Event;
}

/** Plays a history against the table. For the oracle it lists what each profile itself was told. */
export class SegmentPlay {
  readonly table = new MemoryTable();
  readonly seen = { wakes: 0, merges: 0, unmerges: 0, flips: 0 };
  readonly told = new Map<ProfileId, Told[]>();
  /** Events that were received and are not yet stitched. */
  readonly held: Event[] = [];
  rules: CdpConfig & StitchRules;
  now: number;
  private last: Event | undefined;
  private made = 0;

  constructor(config: CdpConfig, start: number) {
    this.rules = config;
    this.now = start;
  }

  /** What a device says of the person, when its history begins. */
  introduce = (device: number, { traits, granted, identifiers }: Omit<Person, 'events'>): Promise<void> =>
    this.stitch(
      this.event(device, this.now, {
        type: 'identify',
        traits: { ...traits, ...(identifiers.includes('email') && { email: `${device}@example.com` }) },
        context: { consent: { categoryPreferences: granted } },
      }),
    );

  async step({ do: what, device }: SegmentStep, next: Happened | undefined): Promise<void> {
    if (what === 'unmerge') return this.unmerge(device);
    if (what === 'again') return this.last && this.stitch({ ...this.last, receivedAt: this.iso() });
    if (what === 'login') return this.stitch(this.event(device, this.now, { event: 'Logged In', userId: 'ann' }));
    if (what === 'arrive') return this.arrive();
    if (next === undefined) return undefined;
    this.now = Math.max(this.now, Math.ceil(next.at / second) * second);
    await this.wake();
    const { name: event, properties, at } = next;
    const sent = this.event(device, at, { event, properties });
    if (what === 'hold') return void this.held.push(sent);
    return this.stitch(sent);
  }

  /** What was held up longest arrives; what became due meanwhile is woken after it. */
  async arrive(): Promise<void> {
    const event = this.held.shift();
    if (event === undefined) return;
    await this.stitch(event);
    await this.wake();
  }

  /** Time goes by, and whoever is due is woken. */
  async pass(until: number): Promise<void> {
    this.now = Math.max(this.now, Math.ceil(until / second) * second);
    await this.wake();
  }

  /** Each live profile, by its segments in the table and by those that its list of events gives. */
  compared(): { readonly profileId: ProfileId; readonly found: string[]; readonly expected: string[] }[] {
    return this.table.live().map((profile) => ({
      profileId: profile.profileId,
      found: [...profile.segments.keys()].sort(),
      expected: this.expected(profile),
    }));
  }

  private expected(profile: Profile): string[] {
    const { segments } = this.rules;
    const told = [profile.profileId, ...profile.merged.keys()].flatMap((id) => this.told.get(id) ?? []);
    const person: Person = {
      events: told,
      traits: Object.fromEntries([...profile.traits].map(([name, { value }]) => [name, value])),
      since: Date.parse(profile.firstSeen),
      granted: Object.fromEntries(
        ['ads', 'mail'].flatMap((category) => {
          const granted = isGranted(profile, category);
          return granted === undefined ? [] : [[category, granted]];
        }),
      ),
      identifiers: [...profile.identifiers.keys()].map((id) => id.slice(0, id.indexOf(':'))),
      accounts: [],
    };
    const all = Object.fromEntries(segments.map(({ key, where, zone }) => [key, { where, zone: String(zone) }]));
    return segments
      .filter(({ where, zone }) => isTrueOf(where, { person, now: this.now, zone: String(zone), segments: all }))
      .map(({ key }) => key)
      .sort();
  }

  private async wake(): Promise<void> {
    for (const [profileId, item] of this.table.items) {
      if (item.kind !== 'profile' || item.profile.dueAt === undefined || item.profile.dueAt > this.now) continue;
      const write = planWake(item, this.rules, this.iso());
      this.seen.wakes += 1;
      this.seen.flips += write.changes.length;
      const { kind } = await this.table.write(write);
      if (kind !== 'written') throw new Error(`${profileId} must be woken, and was ${kind}`);
    }
  }

  private async stitch(event: Event): Promise<void> {
    const sightings = sight([event], this.rules);
    const snapshot = await this.table.load(sightings.flatMap(({ identifiers }) => identifiers));
    const { writes } = planStitch(sightings, snapshot, this.rules, (createdAt) =>
      profileIdOf('users', createdAt, String(++this.made).padStart(20, '0')),
    );
    for (const write of writes) {
      this.seen.merges += write.absorbed.length;
      const { profileId } = write.profile;
      const happened = {
        at: Date.parse(event.timestamp),
        mark: markOf(event),
        name: nameOf(event),
        properties: propertiesOf(event),
        event,
      };
      this.told.set(profileId, [...(this.told.get(profileId) ?? []), happened]);
      const { kind } = await this.table.write(write);
      if (kind !== 'written') throw new Error(`${profileId} must be written, and was ${kind}`);
    }
    this.last = event;
  }

  private async unmerge(pick: number): Promise<void> {
    const wholes = this.table.live().filter(({ merged }) => merged.size > 0);
    const whole = wholes[pick % wholes.length];
    const target = whole && [...whole.merged.keys()][pick % whole.merged.size];
    const live = whole && this.table.items.get(whole.profileId);
    if (target === undefined || live?.kind !== 'profile') return;
    const cause = { messageId: 'operator', timestamp: this.iso(), at: this.iso() };
    const person = { live, tombstones: this.table.tombstonesIn(live.profile), owners: this.table.owners };
    const plan = planUnmerge(person, { profileId: target }, { cause, config: this.rules, newProfileId: () => 'none' });
    if (plan.kind === 'refused') return;
    this.seen.unmerges += 1;
    await this.table.unmerge(plan.write);
  }

  private event(device: number, at: number, fields: object): Event {
    const timestamp = new Date(at).toISOString();
    return eventOf({ anonymousId: `d${device}`, timestamp, receivedAt: this.iso(), ...fields });
  }

  private iso = (): string => new Date(this.now).toISOString();
}

const nameOf = (event: Event): string => (event.type === 'track' ? event.event : event.type);
const propertiesOf = (event: Event): Happened['properties'] => (event.type === 'track' ? (event.properties ?? {}) : {});
