import * as z from 'zod';
import { textOf, typeOf } from '../identifiers/identifier.ts';
import type { Name } from '../profile/known-as.ts';
import type { Profile, ProfileId } from '../profile/profile.ts';
import { fingerprint } from '../values/fingerprint.ts';
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

/** What an audience event says, and of whom. */
export interface Membership {
  readonly profileId: ProfileId;
  readonly name: Name;
  readonly email: string | undefined;
  readonly segment: string;
  readonly member: boolean;
  /** Since when, or until when, the person is a member: with the name, this is what the event is the news of. */
  readonly period: string;
  readonly timestamp: string;
}

/**
 * Makes an audience event. Every attempt at the same news has the same message id, so a receiver can recognize
 * repetitions, and no other news has it: it is the profile's id with a fingerprint of everything that the news is of.
 */
export function audienceCall({
  profileId,
  name,
  email,
  segment,
  member,
  period,
  timestamp,
}: Membership): AudienceEvent {
  const change = member ? 'entered' : 'exited';
  const news = fingerprint(segment, change, period, ...Object.entries(name).flat(), email ?? '');
  return {
    type: 'track',
    event: member ? 'Audience Entered' : 'Audience Exited',
    messageId: `${profileId}-${change}-${news}`,
    timestamp,
    ...('groupId' in name ? {} : name),
    properties: { [segment]: member, audience_key: segment },
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

/** A person's e-mail address at destinations: as it was stated, else as it identifies; none if it was removed. */
export function emailOf(profile: Profile): string | undefined {
  const stated = profile.traits.get('email');
  const chosen = stated === undefined ? firstEmail(profile) : stated.value;
  if (chosen === null || chosen === undefined || isBlank(chosen)) return undefined;
  // The catalogue's code copies its input, and would break such a number into parts.
  const email = isSentNumber(chosen) ? numberText(chosen) : chosen;
  return typeof email === 'string' ? email : String(email);
}

const firstEmail = ({ identifiers }: Profile): string | undefined => {
  const [first] = [...identifiers]
    .filter(([id]) => typeOf(id) === 'email')
    .sort(([, a], [, b]) => ascending(a.linked, b.linked));
  return first && textOf(first[0]);
};
