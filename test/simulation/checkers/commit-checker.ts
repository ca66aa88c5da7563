import { identifierOf, type OwnerName } from '../../../lambdas/core/profile/owner-name.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { type ProfileItem, parseProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import type { Item } from '../../fakes/condition-expression.ts';
import type { Change } from '../../fakes/memory-store.ts';
import type { Tally } from '../running/tally.ts';
import { CorrectionChecker } from './correction-checker.ts';
import { Layers } from './layers.ts';
import { isReleased, ReleaseChecker } from './release-checker.ts';

const day = 86_400_000;
const spans: ReadonlyMap<string, number> = new Map([
  ['weekly', 7 * day],
  ['monthly', 30 * day],
  ['annually', 365 * day],
]);

/** Most identifiers of a type that a profile may be linked to, ever or within any such span. */
type LimitOf = (type: string) => { readonly max: number; readonly window: string };

/** Looks at every state that the table ever is in. What it finds wrong is in `violations`. */
export class CommitChecker {
  readonly profiles = new Map<string, ProfileItem>();
  /** `type:value` → the profile it was given to. */
  readonly owners = new Map<OwnerName, string>();
  readonly violations: string[] = [];
  readonly layers = new Layers();
  readonly corrections: CorrectionChecker;
  private readonly releases: ReleaseChecker;
  commits = 0;
  /** Whether the write that is looked at undoes a merge or a link, which no other write may. */
  private unmerging = false;

  private readonly limitOf: LimitOf;
  private readonly tally: Tally;
  /** Whether everything so far happened within the time for which a profile remembers messages. */
  private readonly remembersAll: () => boolean;

  constructor(limitOf: LimitOf, tally: Tally, remembersAll: () => boolean) {
    this.limitOf = limitOf;
    this.tally = tally;
    this.remembersAll = remembersAll;
    const demand = (holds: boolean, otherwise: string): void => this.demand(holds, otherwise);
    this.corrections = new CorrectionChecker(tally, demand);
    this.releases = new ReleaseChecker(tally, demand);
  }

  onCommit = (changes: readonly Change[]): void => {
    this.unmerging = changes.some(({ after }) => String(after?.log).includes('"kind":"unmerge"'));
    this.commits += 1;
    const touched = changes
      .filter(({ key }) => key.startsWith('profile#'))
      .map(({ key, after }) => ({ id: key.slice(8, -6), after }));
    const before = new Map(touched.map(({ id }) => [id, this.profiles.get(id)]));
    if (!this.unmerging) this.layers.take(changes, [...before.values()]);
    for (const { id, after } of touched) this.profiles.set(id, parseProfileItem(after));
    if (!this.unmerging)
      this.corrections.check(
        changes,
        before,
        [...before.keys()].flatMap((id) => this.liveIn(id)),
      );
    for (const [id, was] of before) this.checkProfile(id, was);
    this.releases.take(changes, (place) => this.owners.get(ownerAt(place)));
    for (const { key, after } of changes)
      if (key.startsWith('identifier#') && key.endsWith(' owner')) this.checkOwner(key.slice(11, -6), after, changes);
    this.tally.add(changes.length > 1 ? 'writes: transactions' : 'writes: puts');
    const kept = changes.filter(({ after }) =>
      /"rule":"limit [^"]* (weekly|monthly|annually)"/.test(String(after?.log)),
    ).length;
    if (kept > 0) this.tally.add('identifiers kept out by a window', kept);
    const merged = changes.filter(({ after }) => after?.kind === 'tombstone').length;
    if (merged > 0) this.tally.add('merges', merged);
    if (merged > 1) this.tally.add('transactions that fold several merges');
  };

  /** The live profile that an id leads to, by way of tombstones. */
  liveAt(profileId: string): Extract<ProfileItem, { kind: 'profile' }> | undefined {
    let item = this.profiles.get(profileId);
    for (let hops = 0; item?.kind === 'tombstone'; hops++) {
      if (hops > this.profiles.size) throw new Error(`the tombstones at ${profileId} go round in a circle`);
      item = this.profiles.get(item.mergedInto);
    }
    return item;
  }

  private liveIn(profileId: string): Profile[] {
    const item = this.profiles.get(profileId);
    return item?.kind === 'profile' ? [item.profile] : [];
  }

  private checkProfile(profileId: string, before: ProfileItem | undefined): void {
    const now = this.profiles.get(profileId);
    if (now === undefined) return;
    this.demand(
      now.version === (before?.version ?? 0) + 1,
      `${profileId} went from version ${before?.version ?? 'none'} to ${now.version}`,
    );
    this.demand(
      before?.kind !== 'tombstone' || now.kind === 'tombstone' || this.unmerging,
      `${profileId} was merged away and is written again`,
    );
    if (now.kind === 'tombstone' && !(this.unmerging && before?.kind === 'tombstone')) this.checkMerge(now, before);
    else if (now.kind === 'profile') this.checkLive(now, before);
  }

  private checkLive({ profile }: Extract<ProfileItem, { kind: 'profile' }>, before: ProfileItem | undefined): void {
    const { profileId, marks, eventCount, identifiers } = profile;
    const known = before?.kind === 'profile' ? before.profile.identifiers : new Map();
    if ([...identifiers].some(([id, { linked }]) => linked < known.get(id)?.linked))
      this.tally.add('links that went back to an earlier receipt');
    const counted = eventCount - this.corrections.moreThanMarked(profile);
    if (this.remembersAll())
      this.demand(marks.size === counted, `${profileId} counts ${counted} messages and marks ${marks.size}`);
    for (const [type, links] of Map.groupBy(identifiers, ([id]) => id.slice(0, id.indexOf(':')))) {
      const { max, window } = this.limitOf(type);
      const times = links.map(([, { linked }]) => Date.parse(linked));
      const most = Math.max(
        ...times.map(
          (from) =>
            times.filter((at) => at >= from && at - from < (spans.get(window) ?? Number.POSITIVE_INFINITY)).length,
        ),
      );
      this.demand(most <= max, `${profileId} has ${most} identifiers of type ${type} within the window ${window}`);
      if (window !== 'ever' && links.length > max) this.tally.add('profiles with more links than a window holds');
    }
  }

  private checkMerge(
    { profileId, mergedInto }: Extract<ProfileItem, { kind: 'tombstone' }>,
    before: ProfileItem | undefined,
  ): void {
    const survivor = this.profiles.get(mergedInto);
    this.demand(before?.kind === 'profile', `${profileId} became a tombstone without having been a profile`);
    this.demand(survivor?.kind === 'profile', `${profileId} was merged into ${mergedInto}, which is no live profile`);
    if (before?.kind !== 'profile' || survivor?.kind !== 'profile') return;
    const [older, younger] = [survivor.profile, before.profile].map(
      (profile) => `${profile.createdAt} ${profile.profileId}`,
    );
    this.demand((older ?? '') < (younger ?? ''), `${mergedInto} absorbed ${profileId}, which is older`);
  }

  private checkOwner(place: string, after: Item | undefined, changes: readonly Change[]): void {
    const id = ownerAt(place);
    const known = this.owners.get(id);
    // An item may have a barrier and no profile, also if nobody ever had the identifier.
    if (known === undefined && isReleased(after) && after?.profileId === undefined) return;
    if (after?.profileId === undefined) {
      this.demand(
        this.corrections.isReleased(identifierOf(id), changes),
        `${id} was taken from ${known} and no correction or release says so`,
      );
      this.corrections.released.add(id);
      this.owners.delete(id);
      return;
    }
    if (known === undefined && this.corrections.released.has(id))
      this.tally.add('released identifiers given to somebody');
    const given = String(after.profileId);
    if (known !== undefined && !this.unmerging)
      this.demand(
        this.liveAt(known) === this.liveAt(given),
        `${id} was taken from ${known} and given to ${given}, which is somebody else`,
      );
    this.demand(this.liveAt(given) !== undefined, `${id} was given to ${given}, which is no profile`);
    this.owners.set(id, given);
  }

  private demand(holds: boolean, otherwise: string): void {
    if (!holds) this.violations.push(otherwise);
  }
}

/** The identifier of an item's place: \`type#value\`. */
const ownerAt = (place: string): OwnerName => place.replace('#', ':') as OwnerName;
