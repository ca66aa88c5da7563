import { lostBy, takeOver } from './absorbed.ts';
import { applyCorrection, release } from './apply-correction.ts';

import { applyEvent } from './apply-event.ts';
import type { IdentityRules } from './config.ts';
import type { Correction } from './correction.ts';
import type { Event } from './event.ts';
import { type Group, groupOf } from './group.ts';
import type { Identifier } from './identifier.ts';
import { causedBy, type IdentityLogEntry, isFull, note } from './identity-log.ts';
import type { Placement } from './placement.ts';
import { type Collection, draftOf, joinProfiles, newProfile, type Profile, type ProfileId } from './profile.ts';
import { boundProfile } from './profile-bound.ts';
import { type NewProfileId, ProfileIds } from './profile-ids.ts';

/** An event and whom it names, most trusted identifier first: a person, or the account of a group call. */
export interface Sighting {
  readonly event: Event;
  readonly collection: Collection;
  readonly identifiers: readonly Identifier[];
  /** Identifiers the event says that never link anyone. */
  readonly blocked: readonly Identifier[];
  /** What the platform's own jobs say instead of what a client said. */
  readonly correction?: Correction | undefined;
}

/** A profile as it was read: its content and the version a write must still find. */
export interface Stored {
  readonly profile: Profile;
  readonly version: number;
}

/** The live owner of each identifier of a batch that has one. */
export type Snapshot = ReadonlyMap<Identifier, Stored>;

/** The profiles a batch touches, as they become while its events are taken in one after another. */
export class WorkingSet {
  private readonly groups = new Map<ProfileId, Group>();
  private readonly owners = new Map<Identifier, Group>();
  private readonly ids: ProfileIds;

  constructor(
    snapshot: Snapshot,
    private readonly rules: IdentityRules,
    newProfileId: NewProfileId,
  ) {
    this.ids = new ProfileIds(newProfileId);
    for (const [id, stored] of snapshot) {
      const { profileId } = stored.profile;
      const group = this.groups.get(profileId) ?? groupOf(draftOf(stored.profile), [stored]);
      this.groups.set(profileId, group);
      this.ids.take(profileId);
      this.lead(id, group);
    }
  }

  ownerOf(id: Identifier): Profile | undefined {
    return this.owners.get(id)?.draft;
  }

  /** Items that the write of a placement's profiles would hold: each profile, read or new, and each identifier claimed. */
  itemsNeeded({ profiles, identifiers }: Placement): number {
    const groups = this.groupsOf(profiles);
    const claims =
      groups.reduce((sum, { claimed, released }) => sum + claimed.size + released.size, 0) + identifiers.filter((id) => !this.owners.has(id)).length;
    return 1 + groups.reduce((sum, { bases }) => sum + bases.length, 0) + claims;
  }

  /** The same, had this batch done nothing yet. Deferring helps only where this fits: nothing that is written before makes it less. */
  itemsAlone({ profiles, identifiers }: Placement): number {
    return 1 + profiles.length + identifiers.filter((id) => !this.owners.has(id)).length;
  }

  /** Says whether one write could not tell of more decisions about a placement's profiles. */
  isLogFull({ profiles }: Placement): boolean {
    return isFull(this.groupsOf(profiles).map(({ log }) => log));
  }

  /** The profile that a correction is about, if it is as it was compared and nothing has happened to it in this batch. */
  asCompared({ profileId, version }: { readonly profileId: ProfileId; readonly version: number }): Profile | undefined {
    const { draft, bases, sightings } = this.groups.get(profileId) ?? {};
    return sightings?.length === 0 && bases?.length === 1 && bases[0]?.version === version ? draft : undefined;
  }

  apply(sighting: Sighting, { profiles, identifiers, dropped }: Placement): void {
    const { event, blocked } = sighting;
    this.release(sighting);
    const group = this.merge(this.groupsOf(profiles), event) ?? this.create(sighting, identifiers);
    const { profileId } = group.draft;
    const founds = profiles.length === 0 ? { founds: true as const } : {};
    const say = (entry: Pick<IdentityLogEntry, 'kind' | 'identifier' | 'rule' | 'founds'>) =>
      note(group.log, { ...entry, profileId, ...causedBy(event) });
    for (const id of identifiers) {
      if (!group.draft.identifiers.has(id)) say({ kind: 'link', identifier: id, ...founds });
      if (!this.owners.has(id)) group.claimed.add(id);
      this.lead(id, group);
    }
    for (const drop of dropped) say({ kind: 'drop', ...drop });
    for (const id of blocked) say({ kind: 'block', identifier: id });
    if (sighting.correction) applyCorrection(group, event, sighting.correction, identifiers);
    else applyEvent(group.draft, event, identifiers, this.rules);
    group.sightings.push(sighting);
  }

  changedGroups(): Group[] {
    return [...this.groups.values()].filter(({ sightings }) => sightings.length > 0);
  }

  /** What a correction takes from its profile is free before anything is linked or merged. */
  private release({ event, correction }: Sighting): void {
    const { profileId = '', released = [] } = correction?.facts ?? {};
    const group = this.groups.get(profileId);
    for (const id of group ? released : []) {
      if (this.owners.get(id) === group) this.owners.delete(id);
      release(group as Group, id, event);
    }
  }

  private lead(id: Identifier, group: Group): void {
    this.owners.set(id, group);
    group.named.add(id);
  }

  private groupsOf(profiles: readonly Profile[]): Group[] {
    return profiles.flatMap(({ profileId }) => this.groups.get(profileId) ?? []);
  }

  private create({ event, collection }: Sighting, identifiers: readonly Identifier[]): Group {
    const group = groupOf(newProfile(this.ids.make(event, collection, identifiers), event, collection));
    this.groups.set(group.draft.profileId, group);
    return group;
  }

  /** Joins groups into the first, whose profile is the oldest and survives. */
  private merge([survivor, ...others]: readonly Group[], event: Event): Group | undefined {
    if (survivor !== undefined) for (const other of others) this.absorb(survivor, other, event);
    return survivor;
  }

  private absorb(survivor: Group, other: Group, event: Event): void {
    const { profileId: absorbed } = other.draft;
    // What either becomes in the table must fit there, and nobody knows yet which of them will be a tombstone.
    for (const group of [survivor, other]) group.draft = boundProfile(group.draft);
    for (const id of other.named) this.lead(id, survivor);
    survivor.absorbed = [...survivor.absorbed, ...lostBy(other, survivor.draft)];
    survivor.draft = { ...joinProfiles(survivor.draft, other.draft, event.receivedAt), own: takeOver(survivor.draft, other) };
    survivor.bases.push(...other.bases);
    survivor.sightings.push(...other.sightings);
    survivor.log.push(...other.log, { kind: 'merge', profileId: survivor.draft.profileId, absorbed, ...causedBy(event) });
    for (const id of other.claimed) survivor.claimed.add(id);
    for (const id of other.released) survivor.released.add(id);
    this.groups.delete(absorbed);
  }
}
