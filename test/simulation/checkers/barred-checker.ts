import { barrierIn, ownerIn } from '../../../lambdas/adapters/dynamodb/owner-items.ts';
import { Event } from '../../../lambdas/core/events/event.ts';
import type { Barrier } from '../../../lambdas/core/privacy/barrier.ts';
import type { StoredRequest } from '../../../lambdas/core/privacy/request.ts';
import { consentKey, isGranted } from '../../../lambdas/core/profile/consent.ts';
import { markOf } from '../../../lambdas/core/profile/message-key.ts';
import { decodeMarks } from '../../../lambdas/core/profile/message-marks.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { type ProfileItem, parseProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import type { Item } from '../../fakes/condition-expression.ts';
import type { Change } from '../../fakes/memory-store.ts';
import type { Happened } from '../people/happenings.ts';
import type { Tally } from '../running/tally.ts';
import { Layers } from './layers.ts';

/** Looks at each write of a table under barriers, and at the end at what each person was told. */
export class BarredChecker {
  readonly violations: string[] = [];
  private readonly layers = new Layers();
  private readonly profiles = new Map<string, Item>();
  private readonly identifiers = new Map<string, Item>();
  private readonly happened = new Map<string, Happened>();
  /** Marks of what happened after an erasure and went with the profile, because the erasure was under way. */
  private readonly gone = new Set<string>();
  /** The latest erasure of each identifier, whatever its item says now. */
  private readonly erased = new Map<string, number>();
  /** Identifiers that were suppressed at any time: whatever came meanwhile is nowhere. */
  private readonly everSuppressed = new Set<string>();
  /** How many messages there were when a request had suppressed an identifier. */
  private readonly suppressedSince = new Map<string, number>();
  /** Identifiers that refused the sale of their data, and when. */
  private readonly refused = new Map<string, number>();
  /** Devices on which somebody allowed the sale, and when last. */
  private readonly allowed = new Map<string, number>();
  private readonly tally: Tally;

  constructor(tally: Tally) {
    this.tally = tally;
  }

  hear(happened: Happened, line: string): void {
    this.happened.set(markOf(Event.parse(JSON.parse(line))), happened);
    const device = namesOf(happened).at(-1);
    if (happened.allowsSale && device !== undefined) later(this.allowed, device, happened.at);
  }

  /** A request is done, or another one begins that may end it. */
  tell({ type, keys, ...request }: Pick<StoredRequest, 'type' | 'keys'> & Partial<StoredRequest>): void {
    if (type === 'opt_out' && request.state === 'completed') {
      this.tally.add('opt-outs completed');
      for (const key of request.refusal?.keys ?? []) later(this.refused, key, Date.parse(request.receivedAt ?? ''));
    }
    if (type === 'suppress') for (const key of keys) this.suppressedSince.set(key, this.happened.size);
    if (type === 'unsuppress') this.suppressedSince.clear();
  }

  onCommit = (changes: readonly Change[]): void => {
    const touched = changes.filter(({ key }) => key.startsWith('profile#') && key.endsWith(' state'));
    const written = touched.filter(({ after }) => after !== undefined);
    const before = touched.flatMap(({ before: row }) => (row === undefined ? [] : parseProfileItem(row)));
    this.checkTaken(written, before);
    this.layers.take(written, before);
    for (const { key, before, after } of touched) {
      const id = key.slice('profile#'.length, -' state'.length);
      if (after === undefined) this.remove(id);
      else this.keep(id, before, after);
    }
    for (const { key, after } of changes.filter(({ key }) => key.startsWith('identifier#') && key.endsWith(' owner'))) {
      const name = key.slice('identifier#'.length, -' owner'.length);
      if (after === undefined) this.identifiers.delete(name);
      else this.identifiers.set(name, after);
      const { suppressed, erased = '' } = this.barrierOf(name) ?? {};
      if (suppressed) this.everSuppressed.add(name);
      if (erased !== '') later(this.erased, name, Date.parse(erased));
    }
  };

  live(): Profile[] {
    return [...this.profiles.values()].flatMap((row) => {
      const item = parseProfileItem(row);
      return item.kind === 'profile' ? [item.profile] : [];
    });
  }

  /** What was said to a profile and to those merged into it, as far as somebody did it. */
  saidTo = (profile: Profile): Happened[] =>
    [...this.layers.saidTo(profile)].flatMap((mark) => this.happened.get(mark) ?? []);

  /** Names of identifiers that have an owner or a barrier. */
  names = (): string[] => [...this.identifiers.keys()];

  /** Looks at everybody; nothing is under way. */
  checkAll(): void {
    const told = new Map(this.live().map((profile) => [profile.profileId, this.layers.saidTo(profile)]));
    for (const [profileId, marks] of told) this.checkTold(profileId, marks);
    const heard = new Set([...told.values()].flatMap((marks) => [...marks]));
    for (const [mark, happened] of this.happened) if (!heard.has(mark)) this.checkAbsent(mark, happened);
    for (const profile of this.live()) {
      this.checkSuppressed(profile);
      this.checkRefused(profile);
    }
    for (const [name, item] of this.identifiers) this.checkOwner(name, ownerIn(item));
  }

  /** Nothing is left of the people of an erasure. */
  checkErased(profileIds: readonly string[]): void {
    for (const id of profileIds) this.demand(!this.profiles.has(id), `${id} was erased and is there`);
  }

  /** An opt-out that was run again is done, but for somebody who is suppressed. */
  checkOptedOut({ requestId, state, refusal }: StoredRequest): void {
    const isStopped = refusal?.keys.some((key) => this.barrierOf(key)?.suppressed === true);
    if (isStopped && state !== 'completed') this.tally.add('opt-outs that wait for a suppressed person');
    this.demand(state === 'completed' || isStopped === true, `the opt-out ${requestId} is ${state} at the end`);
  }

  private keep(id: string, before: Item | undefined, after: Item): void {
    const [was, is] = [Number(before?.version ?? 0), Number(after.version)];
    this.demand(is === was + 1, `${id} went from version ${was} to ${is}`);
    this.profiles.set(id, after);
    const item = parseProfileItem(after);
    if (item.kind === 'tombstone') {
      this.tally.add('merges');
      return;
    }
    const { marks, eventCount } = item.profile;
    this.demand(marks.size === eventCount, `${id} counts ${eventCount} messages and marks ${marks.size}`);
  }

  /** A write takes in no message that was sent after everybody knew that its person is suppressed. */
  private checkTaken(written: readonly Change[], before: readonly ProfileItem[]): void {
    const known = new Set(before.flatMap((item) => (item.kind === 'profile' ? [...item.profile.marks.keys()] : [])));
    for (const { key, after } of written)
      for (const mark of decodeMarks(String(after?.marks)).keys()) {
        const happened = this.happened.get(mark);
        if (known.has(mark) || happened === undefined) continue;
        const [trusted = ''] = namesOf(happened);
        const since = this.suppressedSince.get(trusted);
        const isAfter = since !== undefined && [...this.happened.keys()].indexOf(mark) >= since;
        this.demand(!isAfter, `${key} took in ${happened.messageId} of ${trusted}, who is suppressed`);
      }
  }

  private remove(id: string): void {
    this.profiles.delete(id);
    this.tally.add('profiles deleted');
    for (const mark of this.layers.saidTo({ profileId: id, merged: new Map() })) this.gone.add(mark);
  }

  private checkTold(profileId: string, marks: ReadonlySet<string>): void {
    for (const happened of [...marks].flatMap((mark) => this.happened.get(mark) ?? [])) {
      const [trusted = ''] = namesOf(happened);
      this.demand(!this.isErased(happened), `${profileId} has ${happened.messageId} of ${trusted}, which was erased`);
    }
  }

  /** A message is nowhere if a barrier stopped it, or it went with its profile. */
  private checkAbsent(mark: string, happened: Happened): void {
    const why = this.whyAbsent(mark, happened);
    if (why !== undefined) this.tally.add(why);
    this.demand(why !== undefined, `${happened.messageId} is nowhere, and nothing stops it`);
  }

  private whyAbsent(mark: string, happened: Happened): string | undefined {
    const [trusted = ''] = namesOf(happened);
    if (this.isErased(happened)) return 'messages kept out: erased';
    if (this.everSuppressed.has(trusted)) return 'messages kept out: suppressed';
    return this.gone.has(mark) ? 'messages that went with the profile' : undefined;
  }

  private checkSuppressed({ profileId, identifiers, suppressed, segments }: Profile): void {
    if (suppressed) {
      this.tally.add('people suppressed at the end');
      this.demand(segments.size === 0, `${profileId} is suppressed and in ${[...segments.keys()].join()}`);
    }
    for (const id of identifiers.keys()) {
      const name = id.replace(':', '#');
      const isStopped = this.barrierOf(name)?.suppressed === true;
      this.demand(isStopped === (suppressed === true), `${profileId} is not suppressed as ${name} is`);
    }
  }

  /**
   * Whoever opted out stays so, whatever merges, whatever comes again and whatever their devices say, until they are
   * erased; a device that opted out itself may take it back.
   */
  private checkRefused(profile: Profile): void {
    const { profileId, identifiers, consent } = profile;
    for (const id of identifiers.keys()) {
      const name = id.replace(':', '#');
      const at = this.refused.get(name);
      if (at === undefined || at <= (this.erased.get(name) ?? -1)) continue;
      if ((this.allowed.get(name) ?? -1) > at) {
        this.tally.add('refusals that may have been taken back');
        continue;
      }
      const isRefused = consent.get(consentKey('sale_or_share', id))?.granted === false;
      this.demand(isRefused, `${profileId} forgot that ${name} opted out`);
      this.demand(isGranted(profile, 'sale_or_share') === false, `${profileId} may be sold, and ${name} opted out`);
      if ([...consent.values()].some(({ granted }) => granted)) this.tally.add('refusals beside a yes of a device');
    }
  }

  private checkOwner(name: string, owner: string | undefined): void {
    if (owner === undefined) return;
    let at = this.profiles.get(owner);
    for (let hops = 0; at?.kind === 'tombstone' && hops < this.profiles.size; hops++)
      at = this.profiles.get(String(at.mergedInto));
    this.demand(at?.kind === 'profile', `${name} leads to ${owner}, which is nobody`);
  }

  private isErased(happened: Happened): boolean {
    const [trusted = ''] = namesOf(happened);
    return happened.at <= (this.erased.get(trusted) ?? -1);
  }

  private barrierOf(name: string): Barrier | undefined {
    return barrierIn(this.identifiers.get(name) ?? {});
  }

  private demand(holds: boolean, otherwise: string): void {
    if (!holds) this.violations.push(otherwise);
  }
}

/** Keeps the later time. */
const later = (times: Map<string, number>, name: string, at: number): void => {
  times.set(name, Math.max(times.get(name) ?? at, at));
};

/** Whom a message names, most trusted first. */
const namesOf = ({ userId, anonymousId }: Happened): string[] => [
  ...(userId === undefined ? [] : [`user_id#${userId}`]),
  ...(anonymousId === undefined ? [] : [`anonymous_id#${anonymousId}`]),
];
