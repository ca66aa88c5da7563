import * as z from 'zod';
import { textOf, typeOf } from '../identifiers/identifier.ts';
import type { IdentityRules } from '../identifiers/rules.ts';
import { nameOf } from '../profile/known-as.ts';
import type { Profile } from '../profile/profile.ts';
import { isSentNumber, numberText } from '../values/json.ts';
import { ascending } from '../values/order.ts';
import { isBlank } from '../values/text.ts';
import type { Destination } from './definition.ts';

/** More than any id or key needs, and small enough that the bus accepts ten of them in one call. */
const name = z.string().min(1).max(1000);

/** An event on the segment bus: a person's or an account's changed membership of a segment, without personal data. */
export const MembershipChange = z.object({
  profileId: name,
  segment: name,
  change: z.enum(['entered', 'exited']),
});
export type MembershipChange = z.infer<typeof MembershipChange>;

/** A change with the ids of the destinations that receive its segment; their rules match on these ids. */
export interface Announcement extends MembershipChange {
  readonly destinations: readonly string[];
}

/** Returns a function that adds to each change the destinations that receive it. */
export function announcing(destinations: readonly Destination[]): (change: MembershipChange) => Announcement {
  const told = new Map<string, string[]>();
  for (const { id, segments } of destinations)
    for (const key of new Set(segments)) told.set(key, [...(told.get(key) ?? []), id]);
  return (change) => ({ ...change, destinations: told.get(change.segment) ?? [] });
}

/** Segment's audience event, which every audience destination of the catalogue reads. */
export interface AudienceEvent {
  readonly type: 'track';
  readonly event: 'Audience Entered' | 'Audience Exited';
  readonly messageId: string;
  readonly timestamp: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly context: {
    /** Of an account, which has no other name. */
    readonly groupId?: string;
    readonly personas: Readonly<Record<string, string>>;
    readonly traits: Readonly<Record<string, unknown>>;
  };
}

/**
 * Makes the event that tells a destination whether a person or an account is in a segment now. Every attempt at the
 * same change has the same message id, so a receiver can recognize repetitions.
 */
export function audienceEvent(profile: Profile, segment: string, rules: IdentityRules, now: string): AudienceEvent {
  const since = profile.segments.get(segment);
  const member = since !== undefined;
  const stated = profile.traits.get('email')?.value ?? undefined;
  const chosen = stated === undefined || isBlank(stated) ? firstEmail(profile) : stated;
  // The catalogue's code copies its input, and would break such a number into parts.
  const email = isSentNumber(chosen) ? numberText(chosen) : chosen;
  const name = nameOf(profile, rules);
  return {
    type: 'track',
    event: member ? 'Audience Entered' : 'Audience Exited',
    messageId: `${profile.profileId}-${segment}-${member ? 'entered' : 'exited'}-${since ?? profile.lastSeen}`.slice(
      0,
      100,
    ),
    timestamp: since ?? now,
    ...('groupId' in name ? {} : name),
    properties: { audience_key: segment, [segment]: member },
    context: {
      ...('groupId' in name && name),
      personas: {
        computation_class: 'audience',
        computation_id: segment,
        computation_key: segment,
        namespace: 'cdp',
        space_id: 'cdp',
      },
      traits: email === undefined ? {} : { email },
    },
  };
}

const firstEmail = ({ identifiers }: Profile): string | undefined => {
  const [first] = [...identifiers]
    .filter(([id]) => typeOf(id) === 'email')
    .sort(([, a], [, b]) => ascending(a.linked, b.linked));
  return first && textOf(first[0]);
};
