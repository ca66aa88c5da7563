import { consentOf } from '../../../lambdas/core/profile/consent.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import type { Expected } from './oracle.ts';

/** A stored profile in the oracle's words, as text. */
export function describeProfile(profile: Profile): string {
  const { identifiers, traits, eventCount, firstSeen, lastSeen, recent, touches, segments, accounts, consent } =
    profile;
  const described: Expected = {
    identifiers: [...identifiers]
      .map(([id, { first, last }]) => [id, first, last] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    traits: [...traits]
      .flatMap(([name, { value }]) => (value === null ? [] : [[name, value] as const]))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    messages: eventCount,
    firstSeen,
    lastSeen,
    recent: recent.map(({ messageId }) => messageId),
    campaigns: [touches.first, touches.last].flatMap((touch) => touch?.messageId ?? []),
    segments: [...segments.keys()].sort(),
    accounts: [...accounts.keys()].map((id) => `group_id:${id}`).sort(),
    consent: consentOf(consent).get('ads'),
  };
  return JSON.stringify(described);
}
