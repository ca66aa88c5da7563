import type { ProfileId } from '../../profile/profile.ts';
import { causedBy, type IdentityLogEntry } from './identity-log.ts';
import type { Sighting } from './sighting.ts';

/** An event that its profile may not apply, and the cap or breaker. */
export interface Capped {
  readonly sighting: Sighting;
  readonly rule: string;
  /** The profile that would have grown; undefined if it did not exist yet. */
  readonly profileId: ProfileId | undefined;
}

/** The identity log entry of an event that a cap kept out. */
export const capEntry = ({ sighting, rule, profileId }: Capped): IdentityLogEntry => ({
  kind: 'cap',
  profileId,
  rule,
  ...causedBy(sighting.event),
});
