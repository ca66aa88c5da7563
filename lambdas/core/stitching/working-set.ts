import type { Event } from '../events/event.ts';
import { isFormer } from '../identifiers/former-name.ts';
import { accountOf, type Identifier, textOf } from '../identifiers/identifier.ts';
import { type NewProfileId, ProfileIds } from '../profile/new-profile-id.ts';
import { collectionOf, identifierOf, type OwnerName, ownerName } from '../profile/owner-name.ts';
import { type Collection, draftOf, newProfile, type Profile, type ProfileId } from '../profile/profile.ts';
import { historiesSince } from '../segments/history/standing.ts';
import { asksForAccounts } from './accounts.ts';
import { causedBy, isFull, note } from './batch/identity-log.ts';
import { type PendingProfile, pendingProfileOf } from './batch/pending-profile.ts';
import type { StitchRules } from './batch/rules.ts';
import type { Sighting } from './batch/sighting.ts';
import type { Snapshot } from './batch/snapshot.ts';
import { absorb } from './effects/absorb.ts';
import { applyCorrection, release } from './effects/apply-correction.ts';
import { applyEvent } from './effects/apply-event.ts';
import type { Placement } from './placement/placement.ts';
import { byTodaysRules } from './todays-rules.ts';

/** The profiles of a batch as they change while its events are applied one after another. */
export class WorkingSet {
  private readonly pending = new Map<ProfileId, PendingProfile>();
  private readonly owners = new Map<OwnerName, PendingProfile>();
  /**
   * Names that belonged to both a person and an account, with the profile in their item; the next profile that names
   * one takes it over.
   */
  private readonly strays = new Map<OwnerName, ProfileId>();
  private readonly ids: ProfileIds;

  private readonly rules: StitchRules;
  /** Items that one more account of a person takes: one where a segment asks about accounts. */
  private readonly itemsOfMember: number;

  constructor(snapshot: Snapshot, rules: StitchRules, newProfileId: NewProfileId) {
    this.rules = rules;
    this.itemsOfMember = asksForAccounts(rules) ? 1 : 0;
    this.ids = new ProfileIds(newProfileId);
    for (const [name, stored] of snapshot) {
      const { profileId, collection } = stored.profile;
      if (collection !== collectionOf(name)) {
        this.strays.set(name, stored.given ?? profileId);
        continue;
      }
      const pending =
        this.pending.get(profileId) ?? pendingProfileOf(draftOf(byTodaysRules(stored.profile, rules)), [stored]);
      this.pending.set(profileId, pending);
      this.ids.take(profileId);
      this.lead(identifierOf(name), pending);
    }
  }

  ownerOf(name: OwnerName): Profile | undefined {
    return this.owners.get(name)?.draft;
  }

  /**
   * Number of items that the write of a placement's profiles would have: each profile, read or new, and each claimed
   * identifier.
   */
  itemsNeeded({ profiles, identifiers }: Placement, collection: Collection): number {
    const held = this.pendingOf(profiles).reduce(
      (sum, { bases, claimed, released, joined }) =>
        sum + bases.length + claimed.size + [...claimed].filter(isFormer).length + released.size + joined.size,
      0,
    );
    return 1 + this.itemsOfMember + held + this.itemsOfClaims(identifiers, collection);
  }

  /** Items this placement would need in an empty batch. If even these exceed the limit, deferring cannot help. */
  itemsAlone({ profiles, identifiers }: Placement, collection: Collection): number {
    return 1 + this.itemsOfMember + profiles.length + this.itemsOfClaims(identifiers, collection);
  }

  /** A claim takes one item. That of a former name also checks its identifier's. */
  private itemsOfClaims(identifiers: readonly Identifier[], collection: Collection): number {
    const claimed = identifiers.filter((id) => !this.owners.has(ownerName(collection, id)));
    return claimed.length + claimed.filter(isFormer).length;
  }

  /** Whether one write has no room for more decisions about a placement's profiles. */
  isLogFull = ({ profiles }: Placement): boolean => isFull(this.pendingOf(profiles).map(({ log }) => log));

  /** The profile of a correction, if it has the compared version and this batch has not changed it. */
  asCompared({ profileId, version }: { readonly profileId: ProfileId; readonly version: number }): Profile | undefined {
    const { draft, bases, sightings } = this.pending.get(profileId) ?? {};
    return sightings?.length === 0 && bases?.length === 1 && bases[0]?.version === version ? draft : undefined;
  }

  apply(sighting: Sighting, { profiles, identifiers, dropped }: Placement, mark: string): void {
    const { event, collection, blocked, isCut = false } = sighting;
    this.release(sighting);
    const pending = this.merge(this.pendingOf(profiles), event) ?? this.create(sighting, identifiers);
    const why = { profileId: pending.draft.profileId, ...causedBy(event) };
    const founds = profiles.length === 0 ? { founds: true as const } : {};
    for (const id of identifiers) {
      if (!pending.draft.identifiers.has(id)) note(pending.log, { kind: 'link', identifier: id, ...founds, ...why });
      const name = ownerName(collection, id);
      if (!this.owners.has(name)) pending.claimed.add(id);
      const stray = this.strays.get(name);
      if (stray !== undefined) pending.taken.set(id, stray);
      this.strays.delete(name);
      this.lead(id, pending);
    }
    for (const drop of dropped) note(pending.log, { kind: 'drop', ...drop, ...why });
    for (const id of blocked) note(pending.log, { kind: 'block', identifier: id, ...why });
    this.join(sighting, pending);
    if (sighting.correction) applyCorrection(pending, sighting, identifiers, this.rules.survivorship);
    else {
      // Behind one that is somebody else's may be a device that is the person's own.
      const speakers = sighting.identifiers.filter(
        (id) => identifiers.includes(id) || pending.draft.identifiers.has(id),
      );
      const isElsewhere = isCut || speakers.at(-1) !== sighting.identifiers.at(-1);
      applyEvent(pending.draft, event, identifiers, { rules: this.rules, mark, speakers, isElsewhere });
    }
    pending.sightings.push(sighting);
  }

  changedProfiles(): PendingProfile[] {
    return [...this.pending.values()].filter(({ sightings }) => sightings.length > 0);
  }

  /** Removes identifiers by a correction before anything is linked or merged. */
  private release({ event, correction }: Sighting): void {
    const { profileId = '', released = [] } = correction?.target ?? {};
    const pending = this.pending.get(profileId);
    for (const id of pending ? released : []) {
      const name = ownerName((pending as PendingProfile).draft.collection, id);
      if (this.owners.get(name) === pending) this.owners.delete(name);
      release(pending as PendingProfile, id, event);
    }
  }

  /** Notes the account of a group call that is new to the person, before the event is applied. */
  private join({ event, collection }: Sighting, { draft, joined }: PendingProfile): void {
    const account =
      collection === 'users' && this.itemsOfMember > 0 ? accountOf(event, this.rules.identity) : undefined;
    if (account !== undefined && !draft.accounts.has(textOf(account))) joined.add(textOf(account));
  }

  private lead(id: Identifier, pending: PendingProfile): void {
    this.owners.set(ownerName(pending.draft.collection, id), pending);
    pending.named.add(id);
  }

  private pendingOf(profiles: readonly Profile[]): PendingProfile[] {
    return profiles.flatMap(({ profileId }) => this.pending.get(profileId) ?? []);
  }

  private create({ event, collection }: Sighting, identifiers: readonly Identifier[]): PendingProfile {
    const draft = newProfile(this.ids.make(event, collection, identifiers), event, collection);
    draft.histories = historiesSince(this.rules, collection, event.receivedAt);
    const pending = pendingProfileOf(draft);
    this.pending.set(pending.draft.profileId, pending);
    return pending;
  }

  /** Joins pending profiles into the first, which is the oldest and survives. */
  private merge([survivor, ...others]: readonly PendingProfile[], event: Event): PendingProfile | undefined {
    for (const other of survivor === undefined ? [] : others) {
      for (const id of other.named) this.lead(id, survivor as PendingProfile);
      this.pending.delete(other.draft.profileId);
      absorb(survivor as PendingProfile, other, event, this.rules.survivorship);
    }
    return survivor;
  }
}
