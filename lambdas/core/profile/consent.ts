import type { Event } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import { fieldsOf } from '../values/json.ts';
import { compareTexts } from '../values/text.ts';
import type { Horizons } from './horizons.ts';

/** The last statement about one category of data use under one identifier. */
export interface ConsentStatement {
  readonly granted: boolean;
  readonly timestamp: string;
  readonly messageId: string;
}

/**
 * The last statement by `consentKey`. Statements are stored by the identifier that made them, so a merge keeps the
 * stricter consent in any order of events: only a "yes" under the same identifier undoes a "no".
 */
export type Consent = ReadonlyMap<string, ConsentStatement>;

/**
 * `category|identifier`, with `|` and `%` of the category escaped: clients choose both texts, and the first `|`
 * separates them.
 */
export const consentKey = (category: string, speaker: Identifier): string =>
  `${category.replace(/[%|]/g, encodeURIComponent)}|${speaker}`;
/** The category of a key. */
export const categoryOf = (key: string): string => decodeURIComponent(key.slice(0, key.indexOf('|')));
/** The identifier of a key. */
export const speakerOf = (key: string): Identifier => key.slice(key.indexOf('|') + 1) as Identifier;

/** The consent statements in an event, under its least trusted identifier, which is the device. */
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

/** The later statement wins; at the same instant, the stricter one. */
export function joinConsent(a: ConsentStatement | undefined, b: ConsentStatement): ConsentStatement {
  if (a === undefined || b.timestamp > a.timestamp) return b;
  if (b.timestamp < a.timestamp) return a;
  if (a.granted !== b.granted) return a.granted ? b : a;
  return compareTexts(b.messageId, a.messageId) > 0 ? b : a;
}

/** Longest category in characters; a longer one is never granted. */
const longestCategory = 100;

/** Whether a category is granted; undefined without any statement. A category without room is refused. */
export function isGranted(
  { consent, horizons }: { readonly consent: Consent; readonly horizons?: Horizons | undefined },
  category: string,
): boolean | undefined {
  if (category.length > longestCategory || (horizons?.consent !== undefined && category >= horizons.consent))
    return false;
  return consentOf(consent).get(category);
}

/** Whether all of some categories are granted; one without any statement is not. */
export const grantsAll = (profile: Parameters<typeof isGranted>[0], categories: readonly string[]): boolean =>
  categories.every((category) => isGranted(profile, category) === true);

/** Whether each kept category is granted: every identifier with a statement must grant it. */
export function consentOf(consent: Consent): Map<string, boolean> {
  const granted = new Map<string, boolean>();
  for (const [key, statement] of consent) {
    const category = categoryOf(key);
    granted.set(category, statement.granted && (granted.get(category) ?? true));
  }
  return granted;
}
