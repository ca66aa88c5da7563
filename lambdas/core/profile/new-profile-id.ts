import type { Event } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import type { Collection, ProfileId } from './profile.ts';

/** What a profile is made for. */
export interface Founder {
  /** Those that its first event keeps, most trusted first; nobody has any of them. */
  readonly identifiers: readonly Identifier[];
  /** Ids that were made for it before and that somebody else has. */
  readonly refused: number;
}

/** Makes an id that sorts by `createdAt`, ISO 8601. `messageId` is the event's that the profile is made for, where there is one. */
export type NewProfileId = (
  createdAt: string,
  collection: Collection,
  messageId?: string,
  founder?: Founder,
) => ProfileId;

/** No id was given for a profile that nobody has. */
class ProfileIdTaken extends Error {
  override readonly name = 'ProfileIdTaken';
}

/** Times that another id is asked for. */
const mostRefusals = 8;

/** The ids of a batch: of all profiles that were read or made, also of those that merged away. */
export class ProfileIds {
  private readonly taken = new Set<ProfileId>();

  constructor(private readonly newProfileId: NewProfileId) {}

  take(profileId: ProfileId): void {
    this.taken.add(profileId);
  }

  /** Makes an id that nobody has: two profiles of one id would be written as one, and the first of them lost. @throws ProfileIdTaken */
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
