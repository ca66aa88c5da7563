import { privacySource } from '../contract/signals.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import { callId } from '../privacy/officer-call.ts';
import { isRefusing, type StoredRequest } from '../privacy/request.ts';
import { type ConsentStatement, consentKey, joinConsent } from '../profile/consent.ts';
import type { Profile } from '../profile/profile.ts';

/** A category that an opt-out refused, as its event stated it. */
interface Refusal {
  readonly category: string;
  readonly statement: ConsentStatement;
}

/** What opt-outs refused, by the keys of the identifiers under which they did. */
export type Refusals = ReadonlyMap<string, readonly Refusal[]>;

/** What all opt-outs refused that somebody has begun. */
export function refusalsOf(requests: readonly StoredRequest[]): Refusals {
  const refusals = new Map<string, Refusal[]>();
  for (const { requestId, receivedAt: timestamp, refusal } of requests.filter(isRefusing)) {
    refusal.keys.forEach((key, n) => {
      const messageId = callId(requestId, n + 1);
      const statement = { granted: false, timestamp, messageId, sourceId: privacySource };
      const said = refusal.categories.map((category) => ({ category, statement }));
      refusals.set(key, [...(refusals.get(key) ?? []), ...said]);
    });
  }
  return refusals;
}

/**
 * A profile with what was refused under identifiers of it, as if it had the events; the same one if it has them. What
 * was refused before an erasure of the identifier is not of this person.
 */
export function withRefusals(
  profile: Profile,
  refusals: Refusals,
  keyOf: (identifier: Identifier) => string,
  erasedAt: (key: string) => string | undefined,
): Profile {
  const consent = new Map(profile.consent);
  for (const identifier of refusals.size === 0 ? [] : profile.identifiers.keys()) {
    const key = keyOf(identifier);
    for (const { category, statement } of refusals.get(key) ?? []) {
      if (Date.parse(statement.timestamp) <= Date.parse(erasedAt(key) ?? '1970')) continue;
      // A category without room is refused already.
      if (profile.horizons?.consent !== undefined && category >= profile.horizons.consent) continue;
      const said = consentKey(category, identifier);
      consent.set(said, joinConsent(consent.get(said), statement));
    }
  }
  const isSame = [...consent].every(([key, statement]) => profile.consent.get(key) === statement);
  return isSame ? profile : { ...profile, consent };
}
