import type { Event } from './event.ts';
import type { Identifier } from './identifier.ts';
import type { Placement } from './placement.ts';
import { applyEvent, type Draft, draftOf, joinProfiles, newProfile, type Profile, type ProfileId } from './profile.ts';

/** An event and whom it names, most trusted identifier first. */
export interface Sighting {
  readonly event: Event;
  readonly identifiers: readonly Identifier[];
}

/** A profile as it was read: its content and the version a write must still find. */
export interface Stored {
  readonly profile: Profile;
  readonly version: number;
}

/** The live owner of each identifier of a batch that has one. */
export type Snapshot = ReadonlyMap<Identifier, Stored>;

/** Makes an id that sorts by `createdAt`, ISO 8601. */
export type NewProfileId = (createdAt: string) => ProfileId;

/** Everything that must be written together: a profile in the making, what it was read from and what it claims. */
export interface Group {
  draft: Draft;
  readonly bases: Stored[];
  readonly claimed: Set<Identifier>;
  readonly sightings: Sighting[];
}

/** The profiles a batch touches, as they become while its events are taken in one after another. */
export class WorkingSet {
  private readonly groups = new Map<ProfileId, Group>();
  private readonly owners = new Map<Identifier, Group>();

  constructor(
    snapshot: Snapshot,
    private readonly newProfileId: NewProfileId,
  ) {
    for (const [id, stored] of snapshot) {
      const { profileId } = stored.profile;
      const group = this.groups.get(profileId) ?? { draft: draftOf(stored.profile), bases: [stored], claimed: new Set(), sightings: [] };
      this.groups.set(profileId, group);
      this.owners.set(id, group);
    }
  }

  ownerOf(id: Identifier): Profile | undefined {
    return this.owners.get(id)?.draft;
  }

  /** Items that the write of a placement's profiles would hold: each profile, read or new, and each identifier claimed. */
  itemsNeeded({ profiles, identifiers }: Placement): number {
    const groups = this.groupsOf(profiles);
    const claims = groups.reduce((sum, { claimed }) => sum + claimed.size, 0) + identifiers.filter((id) => !this.owners.has(id)).length;
    return 1 + groups.reduce((sum, { bases }) => sum + bases.length, 0) + claims;
  }

  apply(sighting: Sighting, { profiles, identifiers }: Placement): void {
    const group = this.merge(this.groupsOf(profiles)) ?? this.create(sighting.event);
    for (const id of identifiers) {
      if (!this.owners.has(id)) group.claimed.add(id);
      this.owners.set(id, group);
    }
    applyEvent(group.draft, sighting.event, identifiers);
    group.sightings.push(sighting);
  }

  changedGroups(): Group[] {
    return [...this.groups.values()].filter(({ sightings }) => sightings.length > 0);
  }

  private groupsOf(profiles: readonly Profile[]): Group[] {
    return profiles.flatMap(({ profileId }) => this.groups.get(profileId) ?? []);
  }

  private create(event: Event): Group {
    const profile = newProfile(this.newProfileId(event.receivedAt), event);
    const group: Group = { draft: draftOf(profile), bases: [], claimed: new Set(), sightings: [] };
    this.groups.set(profile.profileId, group);
    return group;
  }

  /** Joins groups into the first, whose profile is the oldest and survives. */
  private merge([survivor, ...others]: readonly Group[]): Group | undefined {
    if (survivor === undefined) return undefined;
    for (const other of others) {
      survivor.draft = joinProfiles(survivor.draft, other.draft);
      survivor.bases.push(...other.bases);
      survivor.sightings.push(...other.sightings);
      for (const id of other.claimed) survivor.claimed.add(id);
      for (const id of other.draft.identifiers.keys()) if (this.owners.has(id)) this.owners.set(id, survivor);
      this.groups.delete(other.draft.profileId);
    }
    return survivor;
  }
}
