import {
  type AccountCall,
  type AudienceEvent,
  asGroup,
  audienceCall,
} from '../../../../core/destinations/audience-event.ts';
import { traitCall } from '../../../../core/destinations/trait-update.ts';

/** An audience event as an identify call, whose traits say the membership. */
export interface AudienceIdentify extends Omit<AudienceEvent, 'type' | 'event' | 'properties'> {
  readonly type: 'identify';
  readonly traits: Readonly<Record<string, unknown>>;
}

/** The identify call that tells what a track call tells. */
export function asIdentify(call: AudienceEvent): AudienceIdentify {
  const { type: _type, event: _event, properties, ...shared } = call;
  const { audience_key: _key, ...membership } = properties;
  return { ...shared, type: 'identify', traits: { ...call.context.traits, ...membership } };
}

/** Who enters or exits which segment, made up. */
export interface MadeUp {
  readonly segment: string;
  readonly member: boolean;
  readonly userId: string;
  readonly email: string;
  readonly at: string;
}

/** An audience event about nobody who exists. */
export const madeUpEvent = ({ segment, member, userId, email, at }: MadeUp): AudienceEvent => ({
  ...audienceCall({ profileId: 'nobody', name: { userId }, email, segment, member, period: at, timestamp: at }),
  messageId: `made-up-${at}`,
  anonymousId: `anonymous-${userId}`,
});

const example = (member: boolean): AudienceEvent =>
  madeUpEvent({
    segment: 'example',
    member,
    userId: 'user-1',
    email: 'ann@example.com',
    at: '2026-01-01T00:00:00.000Z',
  });

const tracks = [example(true), example(false)];

/** Calls like those that a destination is sent, by their type. */
export const exampleCalls = {
  track: tracks,
  identify: tracks.map(asIdentify),
} as const;

const at = '2026-01-01T00:00:00.000Z';

/** A call about an account in a segment of accounts. */
export const exampleGroup = asGroup(
  audienceCall({
    profileId: 'nobody',
    name: { groupId: 'acme' },
    email: undefined,
    segment: 'example',
    member: true,
    period: at,
    timestamp: at,
  }),
) as AccountCall;

const ofTrait = { profileId: 'nobody', trait: 'example', text: '1', news: 1, timestamp: at };

/** Calls about a computed trait of a person and of an account. */
export const exampleTraits = [
  traitCall({ ...ofTrait, name: { userId: 'user-1' }, personal: { email: 'ann@example.com' } }),
  traitCall({ ...ofTrait, name: { groupId: 'acme' }, personal: {} }),
];

/** A call that is about no audience. */
export const otherCalls = {
  track: { ...example(true), event: 'Something Else' },
  identify: { ...asIdentify(example(true)), context: {} },
} as const;
