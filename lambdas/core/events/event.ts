import * as z from 'zod';
import { got } from '../values/got.ts';
import { isObject } from '../values/json.ts';
import { inPlainForms, isTime } from './client-forms.ts';

/** The six Segment-spec calls. */
export const eventTypes = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
export type EventType = (typeof eventTypes)[number];

/**
 * Limits of accepted events: characters for identifiers and names, bytes and counts for the rest. Segment documents 100
 * for messageId.
 */
export const limits = {
  messageId: 100,
  identifier: 500,
  name: 1000,
  eventBytes: 32 * 1024,
  batchBytes: 500 * 1024,
  batchEvents: 2500,
  /** A DynamoDB item nests at most 32 levels, and a profile uses a few of them. */
  depth: 20,
  /** All events of a request, each with the batch's context; PutRecords accepts 5 MiB. */
  requestBytes: 4 * 1024 * 1024,
} as const;

/** A message with the wanted form and the kind of the received value; the sender sees it. */
const unlike = (wanted: string, value: unknown): string => `must be ${wanted}; ${got(value)}`;

function identifierProblem(id: unknown, max: number): string | undefined {
  if (typeof id !== 'string' || id.length > max) return unlike(`a text or a number of at most ${max} characters`, id);
  return id.isWellFormed() ? undefined : unlike('well-formed Unicode, and is cut inside a character', id);
}

const identifier = (max: number) =>
  z
    .custom<string>((id) => identifierProblem(id, max) === undefined, {
      error: ({ input }) => identifierProblem(input, max),
    })
    .optional();

const Identifier = identifier(limits.identifier);
const MessageId = identifier(limits.messageId);

type Json = z.core.util.JSONType;

/** JSON.parse made the value, so a check of its outer shape is enough. */
const Fields = z
  .custom<Record<string, Json>>(isObject, { error: ({ input }) => unlike('an object', input) })
  .optional();

/** An unreadable time does not reject an event. */
const Time = z.unknown().optional();

/** Fields of every call; unknown fields stay, because clients may be newer than the platform. */
const Call = z.looseObject({
  messageId: MessageId,
  userId: Identifier,
  anonymousId: Identifier,
  timestamp: Time,
  originalTimestamp: Time,
  sentAt: z.custom<string>(isTime).optional(),
  context: Fields,
  integrations: Fields,
});

const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= limits.name;
const Name = z.custom<string>(isName, {
  error: ({ input }) => unlike(`a text of at most ${limits.name} characters`, input),
});
const EventName = z.custom<string>((name) => isName(name) && name !== '', {
  error: ({ input }) => `${unlike(`a text of 1 to ${limits.name} characters`, input)}; a track call requires it`,
});

/** The six calls, based on the common fields in `call`. */
const callsWith = (call: typeof Call) =>
  z.discriminatedUnion(
    'type',
    [
      call.extend({ type: z.literal('track'), event: EventName, properties: Fields }),
      call.extend({ type: z.literal('identify'), traits: Fields }),
      call.extend({ type: z.literal('page'), name: Name.nullish(), properties: Fields }),
      call.extend({ type: z.literal('screen'), name: Name.nullish(), properties: Fields }),
      call
        .extend({ type: z.literal('group'), groupId: Identifier, traits: Fields })
        .refine(({ groupId }) => groupId !== undefined, {
          error: 'is required for a group call: a text or a number; got nothing',
          path: ['groupId'],
        }),
      // analytics.js means the anonymousId when previousId is missing.
      call
        .extend({ type: z.literal('alias'), previousId: Identifier })
        .refine(({ previousId, anonymousId }) => (previousId ?? anonymousId) !== undefined, {
          error: 'is required for an alias call, or else anonymousId: a text or a number; got neither',
          path: ['previousId'],
        }),
    ],
    { error: ({ input }) => unlike(`one of ${eventTypes.join(', ')}`, isObject(input) ? input.type : input) },
  );

/** A call in any form that clients write. */
const inAnyForm = <Schema extends z.ZodType>(calls: Schema) => z.preprocess(inPlainForms, calls);

/** A call of a source whose events can name people in any way, such as a CRM's. It may lack `userId` and `anonymousId`. */
export const SourceCall = inAnyForm(callsWith(Call));

/** A call as an SDK sends it, before the platform stamps it. */
export const ClientCall = inAnyForm(
  callsWith(Call).refine(({ userId, anonymousId }) => userId !== undefined || anonymousId !== undefined, {
    error: 'is missing, and so is anonymousId: at least one of them is required, a text or a number; got neither',
    path: ['userId'],
  }),
);
export type ClientCall = z.infer<typeof ClientCall>;

const Stamp = z.iso.datetime().refine(isTime);

/** What the platform adds to a call before it puts it on the event stream. */
const Stamps = z.object({
  messageId: z.string().min(1).max(limits.messageId),
  /** When the event happened, ISO 8601 UTC, corrected for the client's clock if `sentAt` was given. */
  timestamp: Stamp,
  /** When the platform received the event, ISO 8601 UTC. */
  receivedAt: Stamp,
  sourceId: z.string().min(1),
  /**
   * Where a replayed event comes from. A raw event was nearly always applied before, a quarantined one never, and one
   * that the lake sends because a profile lacks it perhaps. One that forward gave up was applied, and not forwarded. A
   * row of an import may have been sent before.
   */
  replayed: z.enum(['raw', 'quarantine', 'lake', 'forward', 'import']).optional().catch(undefined),
});

/**
 * An accepted event: one line of a stream record and of the lake's raw zone. `originalTimestamp` is the client's own
 * time.
 */
export type Event = ClientCall & z.infer<typeof Stamps>;
const Stamped = inAnyForm(
  callsWith(Call.extend(Stamps.shape) as unknown as typeof Call),
) as unknown as z.ZodType<Event>;

const isLater = (a: string, b: string): boolean => (a.length === b.length ? a > b : Date.parse(a) > Date.parse(b));

/** Moves a time after the receipt to the receipt, also for events stored before this rule. */
export const Event: z.ZodType<Event> = Stamped.transform((event) =>
  isLater(event.timestamp, event.receivedAt) ? { ...event, timestamp: event.receivedAt } : event,
);
