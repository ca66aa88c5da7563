import * as z from 'zod';

/** A request to the destination's webhook: a person or an account entered or exited a segment. */
export interface Delivered {
  /** The userId or anonymousId of a person, the group id of an account. */
  readonly who: string;
  readonly segment: string;
  readonly change: 'entered' | 'exited';
  /** The same for each repetition of a delivery. */
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** The unchanged body of the request. */
  readonly body: unknown;
}

const changes = { 'Audience Entered': 'entered', 'Audience Exited': 'exited' } as const;

/** Segment's audience event, as Segment documents it. */
const AudienceEvent = z
  .looseObject({
    type: z.literal('track'),
    event: z.enum(['Audience Entered', 'Audience Exited']),
    userId: z.string().optional(),
    anonymousId: z.string().optional(),
    messageId: z.string(),
    context: z.looseObject({ groupId: z.string().optional() }),
    properties: z.looseObject({ audience_key: z.string() }),
  })
  .refine(({ event, properties }) => properties[properties.audience_key] === (event === 'Audience Entered'), {
    error: 'the property named by audience_key must say whether the person is a member',
  });

const Log = z.array(z.object({ receivedAt: z.string(), destination: z.string(), body: z.unknown() }));

/** An order, which is forwarded to the webhook as it comes. */
const Forwarded = z.looseObject({ event: z.literal('Order Completed') });

/** An exit under an address that somebody gave up (`core/destinations/told-names.ts`). */
const GivenUp = z.looseObject({ event: z.literal('Audience Exited'), anonymousId: z.string().startsWith('former-') });

/**
 * All requests about segments that the local webhook has received for a destination, but for exits under addresses that
 * were given up: whether a tool knew somebody by one depends on how soon it was told. @throws ZodError when a body is
 * neither an audience event nor a forwarded order
 */
export async function readDeliveries(deliveriesUrl: string, of: string): Promise<Delivered[]> {
  const log = Log.parse(await (await fetch(deliveriesUrl)).json());
  const told = log.filter(({ destination }) => destination === of);
  return told.flatMap(({ receivedAt, body }) => {
    if (Forwarded.safeParse(body).success || GivenUp.safeParse(body).success) return [];
    const { event, userId, anonymousId, messageId, properties, context } = AudienceEvent.parse(body);
    return [
      {
        who: userId ?? anonymousId ?? context.groupId ?? '',
        segment: properties.audience_key,
        change: changes[event],
        messageId,
        receivedAt: Date.parse(receivedAt),
        body,
      },
    ];
  });
}

/** Counts each delivery once, because a delivery can arrive twice. */
export const distinct = (deliveries: readonly Delivered[]): Set<string> =>
  new Set(deliveries.map(({ who, segment, change }) => `${who} ${segment} ${change}`));
