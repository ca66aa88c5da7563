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

/** Stands before an identifier that speaks for one which is not kept; no type of identifiers begins so. */
const elsewhere = '~';

/**
 * `category|identifier`, with `|` and `%` of the category escaped: clients choose both texts, and the first `|`
 * separates them. What was said on a device that is not kept for the person, because it is somebody else's or a barrier
 * stops it, is kept apart from what the identifier said itself.
 */
export const consentKey = (category: string, speaker: Identifier, isElsewhere = false): string =>
  `${category.replace(/[%|]/g, encodeURIComponent)}|${isElsewhere ? elsewhere : ''}${speaker}`;
/** The category of a key. */
export const categoryOf = (key: string): string => decodeURIComponent(key.slice(0, key.indexOf('|')));
/** The identifier of a key, as it is stored. */
export const spokenUnder = (key: string): string => key.slice(key.indexOf('|') + 1);
/** Whether the identifier of a key spoke for one that is not kept. */
export const isSaidElsewhere = (key: string): boolean => spokenUnder(key).startsWith(elsewhere);
/** The identifier of a key. */
export const speakerOf = (key: string): Identifier =>
  spokenUnder(key).slice(isSaidElsewhere(key) ? elsewhere.length : 0) as Identifier;

/** The consent statements in an event, under the least trusted identifier that is the person's, which is the device. */
export function statementsOf(
  event: Event,
  speakers: readonly Identifier[],
  isElsewhere = false,
): [string, ConsentStatement][] {
  const speaker = speakers.at(-1);
  const { timestamp, messageId, sourceId, context } = event;
  if (speaker === undefined) return [];
  return saidIn(context).map(([category, granted]) => [
    consentKey(category, speaker, isElsewhere),
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

/**
 * Whether each kept category is granted: every identifier with a statement must grant it. What was said elsewhere can
 * refuse and undo no refusal; it ends where the identifier itself says something later.
 */
export function consentOf(consent: Consent): Map<string, boolean> {
  const granted = new Map<string, boolean>();
  for (const [key, statement] of consent) {
    const category = categoryOf(key);
    const own = isSaidElsewhere(key) ? consent.get(consentKey(category, speakerOf(key))) : undefined;
    if (own !== undefined && own.timestamp > statement.timestamp) continue;
    granted.set(category, statement.granted && (granted.get(category) ?? true));
  }
  return granted;
}
