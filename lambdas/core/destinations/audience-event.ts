import * as z from 'zod';
import type { Name } from '../profile/known-as.ts';
import type { ProfileId } from '../profile/profile.ts';
import { fingerprint } from '../values/fingerprint.ts';

/** More than any id or key needs, and small enough that the bus accepts ten of them in one call. */
export const shortText = z.string().min(1).max(1000);

/** An event on the segment bus: a person's or an account's changed membership of a segment, without personal data. */
export const MembershipChange = z.object({
  profileId: shortText,
  segment: shortText,
  change: z.enum(['entered', 'exited']),
  /** An operator has it told again, as news of its own. */
  again: z.literal(true).optional(),
});
export type MembershipChange = z.infer<typeof MembershipChange>;

/** What Segment's calls say about the computation that they are about. */
export type Personas = Readonly<Record<string, string>>;

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
    readonly personas: Personas;
    readonly traits: Readonly<Record<string, unknown>>;
  };
}

/** What an audience event says, and of whom. */
export interface Membership {
  readonly profileId: ProfileId;
  readonly name: Name;
  readonly email: string | undefined;
  /** Traits of the person that come along, with the address. */
  readonly personal?: Readonly<Record<string, unknown>> | undefined;
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
  personal = email === undefined ? {} : { email },
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
      traits: personal,
    },
  };
}

/** Segment's call about an account that entered or exited a segment of accounts. */
export interface AccountCall extends Omit<AudienceEvent, 'type' | 'event' | 'properties' | 'userId' | 'anonymousId'> {
  readonly type: 'group';
  readonly groupId: string;
  /** The segment's key with whether the account is in it, and what comes along. */
  readonly traits: Readonly<Record<string, unknown>>;
}

/** The group call that tells what an audience event about an account tells; undefined if it is about a person. */
export function asGroup({ type: _type, event, properties, ...call }: AudienceEvent): AccountCall | undefined {
  const { groupId, personas, traits } = call.context;
  if (groupId === undefined) return undefined;
  const { computation_key: segment = '' } = personas;
  return { ...call, type: 'group', groupId, traits: { ...traits, [segment]: event === 'Audience Entered' } };
}
