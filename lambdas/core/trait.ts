import type { Event } from './event.ts';
import { record } from './identifier.ts';

/** What a person's trait is and who said so; a `null` value is a removed trait, remembered so that an older value cannot return. */
export interface Trait {
  readonly value: unknown;
  readonly timestamp: string;
  readonly messageId: string;
  readonly sourceId: string;
}

/** Traits that an event states about the person: an identify's own, over those in its context (where RudderStack's SDKs put them). */
export const traitsOfPerson = (event: Event): Record<string, unknown> =>
  event.type === 'identify' ? { ...record(event.context?.traits), ...event.traits } : {};

/** Traits that an event states about an account: those of a group call. */
export const traitsOfAccount = (event: Event): Record<string, unknown> => (event.type === 'group' ? { ...event.traits } : {});

/** The last word on a trait is the greatest (timestamp, messageId). A message resent with another value is decided by the value, so that order never is. */
export function joinTrait(a: Trait | undefined, b: Trait): Trait {
  if (a === undefined || b.timestamp > a.timestamp) return b;
  if (b.timestamp < a.timestamp || b.messageId < a.messageId) return a;
  return b.messageId > a.messageId || JSON.stringify(b.value) > JSON.stringify(a.value) ? b : a;
}
