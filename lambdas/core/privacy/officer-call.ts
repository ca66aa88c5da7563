import { privacySource } from '../contract/signals.ts';
import { Event } from '../events/event.ts';
import { type Identifier, textOf, typeOf } from '../identifiers/identifier.ts';

/** What an officer says for a person, and when. */
interface Saying {
  readonly requestId: string;
  /** The place of the call among those of the request, from 1. */
  readonly number: number;
  /** ISO 8601: when the officer filed it. */
  readonly at: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

/**
 * A call by which an officer speaks for a person. It names one identifier, so that it links and merges nothing, and
 * what it says is said under that identifier. Its id is that of the request, so it counts once, however often it is
 * sent.
 */
export function officerCall(identifier: Identifier, { requestId, number, at, context = {} }: Saying): Event {
  const { ids, context: naming } = named(identifier);
  return Event.parse({
    type: 'identify',
    messageId: `${requestId}-${number}`,
    timestamp: at,
    receivedAt: at,
    sourceId: privacySource,
    ...ids,
    traits: {},
    context: { ...context, ...naming },
  });
}

/** Where a call has an identifier. */
function named(identifier: Identifier): { readonly ids: object; readonly context: object } {
  const type = typeOf(identifier);
  const id = textOf(identifier);
  if (type === 'user_id') return { ids: { userId: id }, context: {} };
  if (type === 'anonymous_id') return { ids: { anonymousId: id }, context: {} };
  return { ids: {}, context: { externalIds: [{ id, type, collection: 'users', encoding: 'none' }] } };
}
