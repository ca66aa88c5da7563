import type { Event } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import type { Collection, ProfileId } from './profile.ts';

/** The event and the identifiers that a profile is made for. */
export interface Founder {
  /** Identifiers that the first event keeps, most trusted first; no profile has them. */
  readonly identifiers: readonly Identifier[];
  /** How many earlier ids for this profile were already in use. */
  readonly refused: number;
}

/**
 * Makes an id that sorts by `createdAt`, ISO 8601. `messageId` belongs to the event that the profile is made for, if
 * there is one.
 */
export type NewProfileId = (
  createdAt: string,
  collection: Collection,
  messageId?: string,
  founder?: Founder,
) => ProfileId;

/** No unused id was found for a new profile. */
class ProfileIdTaken extends Error {
  override readonly name = 'ProfileIdTaken';
}

/** Attempts to get another id. */
const mostRefusals = 8;

/** The ids of a batch: of all profiles that were read or made, including merged ones. */
export class ProfileIds {
  private readonly taken = new Set<ProfileId>();

  private readonly newProfileId: NewProfileId;

  constructor(newProfileId: NewProfileId) {
    this.newProfileId = newProfileId;
  }

  take(profileId: ProfileId): void {
    this.taken.add(profileId);
  }

  /**
   * Makes an unused id: two profiles with one id would be written as one, and the first would be lost.
   * @throws ProfileIdTaken when no attempt gives an unused id
   */
  make({ receivedAt, messageId }: Event, collection: Collection, identifiers: readonly Identifier[]): ProfileId {
    for (let refused = 0; refused <= mostRefusals; refused++) {
      const profileId = this.newProfileId(receivedAt, collection, messageId, { identifiers, refused });
      if (this.taken.has(profileId)) continue;
      this.take(profileId);
      return profileId;
    }
    throw new ProfileIdTaken();
  }
}
