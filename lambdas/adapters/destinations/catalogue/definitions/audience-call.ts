import { type AudienceEvent, audienceCall } from '../../../../core/destinations/audience-event.ts';

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

/** A call that is about no audience. */
export const otherCalls = {
  track: { ...example(true), event: 'Something Else' },
  identify: { ...asIdentify(example(true)), context: {} },
} as const;
