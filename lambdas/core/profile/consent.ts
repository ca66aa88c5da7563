import type { Event } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import { fieldsOf } from '../values/json.ts';
import { compareTexts } from '../values/text.ts';
import type { Horizons } from './horizons.ts';

/** What was last said about one category of data use under one identifier. */
export interface ConsentStatement {
  readonly granted: boolean;
  readonly timestamp: string;
  readonly messageId: string;
}

/**
 * `consentKey` → the last statement made there. Keeping statements apart by who made them lets a merge keep the
 * stricter consent in any order of events: a "no" said on one device is undone only by a "yes" said there.
 */
export type Consent = ReadonlyMap<string, ConsentStatement>;

/** `category|identifier`, with `|` and `%` of the category escaped: clients choose both texts, and the first `|` must part them. */
export const consentKey = (category: string, speaker: Identifier): string =>
  `${category.replace(/[%|]/g, encodeURIComponent)}|${speaker}`;
/** The category that a key is about. */
export const categoryOf = (key: string): string => decodeURIComponent(key.slice(0, key.indexOf('|')));
/** The identifier that a key's statement was made under. */
export const speakerOf = (key: string): Identifier => key.slice(key.indexOf('|') + 1) as Identifier;

/** The statements an event makes, under the least trusted of its identifiers: the device it was said on. */
export function statementsOf(event: Event, identifiers: readonly Identifier[]): [string, ConsentStatement][] {
  const speaker = identifiers.at(-1);
  const preferences = fieldsOf(fieldsOf(event.context?.consent).categoryPreferences);
  const { timestamp, messageId } = event;
  return Object.entries(preferences).flatMap(([category, granted]): [string, ConsentStatement][] =>
    typeof granted === 'boolean' && speaker !== undefined && category.length <= longestCategory
      ? [[consentKey(category, speaker), { granted, timestamp, messageId }]]
      : [],
  );
}

/** The last statement stands; of two at the same instant, the stricter. */
export function joinConsent(a: ConsentStatement | undefined, b: ConsentStatement): ConsentStatement {
  if (a === undefined || b.timestamp > a.timestamp) return b;
  if (b.timestamp < a.timestamp) return a;
  if (a.granted !== b.granted) return a.granted ? b : a;
  return compareTexts(b.messageId, a.messageId) > 0 ? b : a;
}

/** Longest name of a category, in characters; a longer one is never granted. */
const longestCategory = 100;

/** Whether a category is granted; undefined when nobody said. A category that a profile had no room for is not. */
export function isGranted(
  { consent, horizons }: { readonly consent: Consent; readonly horizons?: Horizons | undefined },
  category: string,
): boolean | undefined {
  if (category.length > longestCategory || (horizons?.consent !== undefined && category >= horizons.consent))
    return false;
  return consentOf(consent).get(category);
}

/** Whether each category that is kept is granted: by everybody who ever spoke about it for this person. */
export function consentOf(consent: Consent): Map<string, boolean> {
  const granted = new Map<string, boolean>();
  for (const [key, statement] of consent) {
    const category = categoryOf(key);
    granted.set(category, statement.granted && (granted.get(category) ?? true));
  }
  return granted;
}
