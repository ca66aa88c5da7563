import type { AudienceEvent } from '../../../../core/destinations/audience-event.ts';

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

const example = (member: boolean): AudienceEvent => ({
  type: 'track',
  event: member ? 'Audience Entered' : 'Audience Exited',
  messageId: `example-${member}`,
  timestamp: '2026-01-01T00:00:00.000Z',
  userId: 'user-1',
  anonymousId: 'anonymous-1',
  properties: { audience_key: 'example', example: member },
  context: {
    personas: {
      computation_class: 'audience',
      computation_id: 'example',
      computation_key: 'example',
      namespace: 'cdp',
      space_id: 'cdp',
    },
    traits: { email: 'ann@example.com' },
  },
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
