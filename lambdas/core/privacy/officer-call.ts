import { privacySource } from '../contract/signals.ts';
import { Event } from '../events/event.ts';
import { type Identifier, identifier, textOf, typeOf } from '../identifiers/identifier.ts';
import { fieldsOf } from '../values/json.ts';

/** What an officer says for a person, and when. */
interface Saying {
  readonly requestId: string;
  /** The place of the call among those of the request, from 1. */
  readonly number: number;
  /** ISO 8601: when the officer filed it. */
  readonly at: string;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly traits?: Readonly<Record<string, unknown>>;
  /** The source in whose name it is said. @default the officer's own */
  readonly sourceId?: string;
}

/**
 * A call by which an officer speaks for a person. It names one identifier, so that it links and merges nothing, and
 * what it says is said under that identifier. Its id is that of the request, so it counts once, however often it is
 * sent.
 */
export function officerCall(speaker: Identifier, saying: Saying): Event {
  const { requestId, number, at, context = {}, traits = {}, sourceId = privacySource } = saying;
  const { ids, context: naming } = named(speaker);
  return Event.parse({
    type: 'identify',
    messageId: callId(requestId, number),
    timestamp: at,
    receivedAt: at,
    sourceId,
    ...ids,
    traits,
    context: { ...context, ...naming },
  });
}

/** The id of a call. Of two calls of one time, the later number is the later statement. */
export const callId = (requestId: string, number: number): string => `${requestId}-${String(number).padStart(3, '0')}`;

/** Where a call has an identifier. */
function named(speaker: Identifier): { readonly ids: object; readonly context: object } {
  const type = typeOf(speaker);
  const id = textOf(speaker);
  if (type === 'user_id') return { ids: { userId: id }, context: {} };
  if (type === 'anonymous_id') return { ids: { anonymousId: id }, context: {} };
  return { ids: {}, context: { externalIds: [{ id, type, collection: 'users', encoding: 'none' }] } };
}

/** The identifier that a call names its person by; values that it states may be others. */
export function speakerIn({ userId, anonymousId, context }: Event): Identifier | undefined {
  if (userId !== undefined) return identifier('user_id', userId);
  if (anonymousId !== undefined) return identifier('anonymous_id', anonymousId);
  const [first] = Array.isArray(context?.externalIds) ? context.externalIds : [];
  const { type, id } = fieldsOf(first);
  return typeof type === 'string' && typeof id === 'string' ? identifier(type, id) : undefined;
}
