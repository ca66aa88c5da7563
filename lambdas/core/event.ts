import * as z from 'zod';
import { parseInstant } from './instant.ts';

/** The six Segment-spec calls. */
export const eventTypes = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
export type EventType = (typeof eventTypes)[number];

/** Bounds of what is accepted: characters for identifiers and names, bytes and counts for the rest. messageId's 100 is Segment's documented bound. */
export const limits = {
  messageId: 100,
  identifier: 500,
  name: 1000,
  eventBytes: 32 * 1024,
  batchBytes: 500 * 1024,
  batchEvents: 2500,
  /** A DynamoDB item nests at most 32 levels; a profile needs a few of them for itself. */
  depth: 20,
  /** All events of a request with the batch's context merged into each; PutRecords takes 5 MiB. */
  requestBytes: 4 * 1024 * 1024,
} as const;

/** Real clients send numbers as ids, and null or '' for none; both are said plainly here: a string, or absent. */
const identifier = (max: number) =>
  z
    .unknown()
    .transform((id, context): string | undefined => {
      if (id === null || id === undefined || id === '') return undefined;
      const problem = identifierProblem(id, max);
      if (problem === undefined) return String(id);
      context.issues.push({ code: 'custom', message: problem, input: id });
      return z.NEVER;
    })
    .optional();

function identifierProblem(id: unknown, max: number): string | undefined {
  // JSON numbers past 2^53 have lost digits by now: two people would share one id.
  if (typeof id === 'number')
    return Math.abs(id) <= Number.MAX_SAFE_INTEGER ? undefined : 'is a number too large to keep exactly; send it as a string';
  if (typeof id !== 'string') return 'must be a string or a number';
  if (id.length > max) return `is longer than ${max} characters`;
  return id.isWellFormed() ? undefined : 'is not well-formed Unicode';
}

const Identifier = identifier(limits.identifier);
const MessageId = identifier(limits.messageId);

type Json = z.core.util.JSONType;
const isFields = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What JSON.parse made is JSON, so only the outer shape is checked. PHP clients write an empty object as []. */
const Fields = z.preprocess(
  (fields) => (fields === null || (Array.isArray(fields) && fields.length === 0) ? undefined : fields),
  z.custom<Record<string, Json>>(isFields, { error: 'must be an object' }).optional(),
);

const isTime = (value: unknown): boolean => typeof value === 'string' && parseInstant(value) !== undefined;
const Time = z.preprocess(
  (time) => (time === null || time === '' ? undefined : time),
  z.custom<string>(isTime, { error: 'must be an ISO 8601 date-time such as 2026-01-31T12:00:00.000Z' }).optional(),
);

/** `sentAt` only corrects a clock, so one that cannot be read is as good as none. */
const SentAt = z.preprocess((time) => (isTime(time) ? time : undefined), z.string().optional());

/** What every call may carry; unknown fields survive, because clients are newer than we are. */
const Call = z.looseObject({
  messageId: MessageId,
  userId: Identifier,
  anonymousId: Identifier,
  timestamp: Time,
  originalTimestamp: Time,
  sentAt: SentAt,
  context: Fields.optional(),
  integrations: Fields.optional(),
});

const Name = z.string({ error: 'must be a string' }).max(limits.name, { error: `is longer than ${limits.name} characters` });
const EventName = z
  .string({ error: 'required for a track call, as a string' })
  .min(1, { error: 'must not be empty' })
  .max(limits.name, { error: `is longer than ${limits.name} characters` });

/** A call as a client sends it, before the platform stamps it. */
export const ClientCall = z
  .discriminatedUnion(
    'type',
    [
      Call.extend({ type: z.literal('track'), event: EventName, properties: Fields.optional() }),
      Call.extend({ type: z.literal('identify'), traits: Fields.optional() }),
      Call.extend({ type: z.literal('page'), name: Name.nullish(), properties: Fields.optional() }),
      Call.extend({ type: z.literal('screen'), name: Name.nullish(), properties: Fields.optional() }),
      Call.extend({ type: z.literal('group'), groupId: Identifier, traits: Fields.optional() }).refine(({ groupId }) => groupId !== undefined, {
        error: 'required for a group call',
        path: ['groupId'],
      }),
      // analytics.js means the anonymousId when it names no previousId.
      Call.extend({ type: z.literal('alias'), previousId: Identifier }).refine((call) => (call.previousId ?? call.anonymousId) !== undefined, {
        error: 'required for an alias call',
        path: ['previousId'],
      }),
    ],
    { error: `must be one of ${eventTypes.join(', ')}` },
  )
  .refine(({ userId, anonymousId }) => userId !== undefined || anonymousId !== undefined, {
    error: 'supply userId or anonymousId',
    path: ['userId'],
  });
export type ClientCall = z.infer<typeof ClientCall>;

/** What the platform adds to a call before it puts it on the event stream. */
const Stamps = z.looseObject({
  messageId: z.string().min(1).max(limits.messageId),
  /** When it happened, ISO 8601 UTC, corrected for the client's clock skew where `sentAt` was given. */
  timestamp: z.iso.datetime(),
  /** The client's own time, as it was given. */
  originalTimestamp: z.string().optional(),
  /** When the platform took it in, ISO 8601 UTC. */
  receivedAt: z.iso.datetime(),
  sourceId: z.string().min(1),
});

/** An accepted event: one line of a record on the event stream and of the lake's raw zone. */
export type Event = ClientCall & Pick<z.infer<typeof Stamps>, 'messageId' | 'timestamp' | 'originalTimestamp' | 'receivedAt' | 'sourceId'>;
export const Event: z.ZodType<Event> = Stamps.pipe(ClientCall as unknown as z.ZodType<Event, z.infer<typeof Stamps>>);
