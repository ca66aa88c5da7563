import type { Purpose } from '../consent/purpose.ts';
import { clausesOf, saleOrShare, standingOf } from '../consent/standing.ts';
import type { Event } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import { officerCall } from './officer-call.ts';

/** What an opt-out refuses: categories, and every purpose of the configuration that these refuse. */
export interface OptOut {
  readonly categories: readonly string[];
  readonly refused: readonly string[];
}

/**
 * What an opt-out refuses: sale and sharing, or the purposes with these keys, by the categories of consent tools that
 * decide about them. So whatever obeys consent obeys it. The keys must be known.
 */
export function optOutOf(keys: readonly string[], purposes: readonly Purpose[]): OptOut {
  const wanted = purposes.filter(({ key }) => keys.includes(key));
  const ofTools = wanted.flatMap((purpose) => clausesOf(purpose).groups[0] ?? []);
  const categories = keys.length === 0 ? [saleOrShare] : [...new Set(ofTools)];
  const refuses = (category: string) => (categories.includes(category) ? false : undefined);
  return {
    categories,
    refused: purposes.filter((purpose) => standingOf(purpose, refuses) === false).map(({ key }) => key),
  };
}

/** The calls of an opt-out: one for each identifier that the person stated, known or not. */
export const optOutCalls = (
  { categories }: OptOut,
  identifiers: readonly Identifier[],
  { requestId, at }: { readonly requestId: string; readonly at: string },
): Event[] => {
  const categoryPreferences = Object.fromEntries(categories.map((category) => [category, false]));
  const context = { consent: { categoryPreferences } };
  return identifiers.map((identifier, n) => officerCall(identifier, { requestId, number: n + 1, at, context }));
};
