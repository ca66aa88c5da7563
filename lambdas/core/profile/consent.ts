import type { Purpose } from '../consent/purpose.ts';
import { longestCategory, saidIn } from '../consent/said-in.ts';
import { isAllowed, type Said } from '../consent/standing.ts';
import type { Event } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import { compareTexts } from '../values/text.ts';
import type { Horizons } from './horizons.ts';

/** The last statement about one category of data use under one identifier. */
export interface ConsentStatement {
  readonly granted: boolean;
  readonly timestamp: string;
  readonly messageId: string;
  /** Absent in statements that were stored before it was kept. */
  readonly sourceId?: string | undefined;
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
  const { timestamp, messageId, sourceId, context } = event;
  if (speaker === undefined) return [];
  return saidIn(context).map(([category, granted]) => [
    consentKey(category, speaker),
    { granted, timestamp, messageId, sourceId },
  ]);
}

/** The later statement wins; at the same instant, the stricter one. */
export function joinConsent(a: ConsentStatement | undefined, b: ConsentStatement): ConsentStatement {
  if (a === undefined || b.timestamp > a.timestamp) return b;
  if (b.timestamp < a.timestamp) return a;
  if (a.granted !== b.granted) return a.granted ? b : a;
  const order = compareTexts(b.messageId, a.messageId) || compareTexts(b.sourceId ?? '', a.sourceId ?? '');
  return order > 0 ? b : a;
}

/** What a profile says of its consent. */
type Consenting = { readonly consent: Consent; readonly horizons?: Horizons | undefined };

/** What somebody said, by category; undefined without any statement. A category without room is refused. */
export function saidBy({ consent, horizons }: Consenting): Said {
  const granted = consentOf(consent);
  return (category) => {
    const hasRoom = horizons?.consent === undefined || category < horizons.consent;
    return category.length <= longestCategory && hasRoom ? granted.get(category) : false;
  };
}

/** Whether a category is granted. */
export const isGranted = (profile: Consenting, category: string): boolean | undefined => saidBy(profile)(category);

/** What somebody must have granted: categories, each by a statement, and purposes. */
export interface Needs {
  readonly consent?: readonly string[] | undefined;
  readonly purposes?: readonly Purpose[] | undefined;
}

/** Whether somebody granted all that is needed. */
export function permits(profile: Consenting, { consent = [], purposes = [] }: Needs): boolean {
  if (consent.length + purposes.length === 0) return true;
  const said = saidBy(profile);
  return consent.every((category) => said(category) === true) && purposes.every((one) => isAllowed(one, said));
}

/** Whether each kept category is granted: every identifier with a statement must grant it. */
export function consentOf(consent: Consent): Map<string, boolean> {
  const granted = new Map<string, boolean>();
  for (const [key, statement] of consent) {
    const category = categoryOf(key);
    granted.set(category, statement.granted && (granted.get(category) ?? true));
  }
  return granted;
}
