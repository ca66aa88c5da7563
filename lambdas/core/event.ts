import * as z from 'zod';

/** The six Segment-spec calls. */
export const eventTypes = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
export type EventType = (typeof eventTypes)[number];

/** Longest identifier, messageId and name accepted, in characters; messageId's 100 is Segment's documented bound. */
export const limits = { messageId: 100, identifier: 500, name: 1000, eventBytes: 32 * 1024, batchBytes: 500 * 1024, batchEvents: 2500 } as const;

/** Real clients send numbers as ids and null for "none"; both are said plainly here: a string, or absent. */
const Identifier = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((id) => (id === null || id === undefined || id === '' ? undefined : String(id)))
  .pipe(z.string().max(limits.identifier).optional());

const Fields = z.record(z.string(), z.json());
const OptionalFields = Fields.nullish().transform((fields) => fields ?? undefined);
const Time = z.iso.datetime({ offset: true, local: false });

/** What every call may carry; unknown fields survive, because clients are newer than we are. */
const Call = z.looseObject({
  messageId: z.string().min(1).max(limits.messageId).optional(),
  userId: Identifier,
  anonymousId: Identifier,
  timestamp: Time.nullish().transform((time) => time ?? undefined),
  sentAt: Time.nullish().transform((time) => time ?? undefined),
  context: OptionalFields,
  integrations: OptionalFields,
});

const Name = z.string().max(limits.name);

/** A call as a client sends it, before the platform stamps it. */
export const ClientCall = z
  .discriminatedUnion('type', [
    Call.extend({ type: z.literal('track'), event: Name.min(1), properties: OptionalFields }),
    Call.extend({ type: z.literal('identify'), traits: OptionalFields }),
    Call.extend({ type: z.literal('page'), name: Name.nullish(), properties: OptionalFields }),
    Call.extend({ type: z.literal('screen'), name: Name.nullish(), properties: OptionalFields }),
    Call.extend({ type: z.literal('group'), groupId: Identifier, traits: OptionalFields }).refine(({ groupId }) => groupId !== undefined, {
      error: 'required for a group call',
      path: ['groupId'],
    }),
    Call.extend({ type: z.literal('alias'), previousId: Identifier }).refine(({ previousId }) => previousId !== undefined, {
      error: 'required for an alias call',
      path: ['previousId'],
    }),
  ])
  .refine(({ userId, anonymousId }) => userId !== undefined || anonymousId !== undefined, {
    error: 'supply userId or anonymousId',
    path: ['userId'],
  });
export type ClientCall = z.infer<typeof ClientCall>;

/** What the platform adds to a call before it puts it on the event stream. */
const Stamps = z.object({
  messageId: z.string().min(1).max(limits.messageId),
  /** When it happened, ISO 8601 UTC, corrected for the client's clock skew where `sentAt` was given. */
  timestamp: z.iso.datetime(),
  /** The client's own `timestamp`, as it was given. */
  originalTimestamp: z.iso.datetime({ offset: true }).optional(),
  /** When the platform took it in, ISO 8601 UTC. */
  receivedAt: z.iso.datetime(),
  sourceId: z.string().min(1),
});

/** An accepted event: one line of a record on the event stream and of the lake's raw zone. */
export type Event = ClientCall & z.infer<typeof Stamps>;
export const Event: z.ZodType<Event> = z.intersection(Stamps.loose(), ClientCall) as unknown as z.ZodType<Event>;
