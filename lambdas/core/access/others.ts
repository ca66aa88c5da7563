import type { Event } from '../events/event.ts';
import { normalizeEmail } from '../identifiers/email.ts';
import { type Identifier, identifiersOf, type TrustRules, textOf } from '../identifiers/identifier.ts';
import { normalizePhone } from '../identifiers/phone.ts';
import { isObject } from '../values/json.ts';
import type { IsTheirs } from './whole-person.ts';

/** What stands where an event of a person has an identifier of somebody else. */
export const ofSomebodyElse = '[an identifier of somebody else]';

/** The identifiers of an event that are the person's, and what takes those of others out of what was sent. */
export interface Named {
  readonly theirs: readonly Identifier[];
  /** What decides whose the event is. */
  readonly mostTrusted: Identifier | undefined;
  readonly without: (value: unknown) => unknown;
}

/** Makes what reads whom an event names. Two people may share a device, and each event names both of them then. */
export function namedIn({ identity, sources }: TrustRules, isTheirs: IsTheirs): (event: Event) => Named {
  const countryOf = new Map(sources.map(({ id, defaultCountry }) => [id, defaultCountry]));
  return (event) => {
    const country = countryOf.get(event.sourceId);
    const { usable, blocked } = identifiersOf(event, identity, country);
    const stated = [...usable, ...blocked];
    const theirs = stated.filter((id) => isTheirs(id, event.timestamp));
    // A blocked value names nobody.
    const others = new Set(usable.filter((id) => !theirs.includes(id)).map(textOf));
    return {
      theirs,
      mostTrusted: usable[0],
      without: others.size === 0 ? (value) => value : withoutTexts(others, country),
    };
  };
}

const withoutTexts = (others: ReadonlySet<string>, country: string | undefined): ((value: unknown) => unknown) => {
  const isOthers = (value: unknown): boolean => {
    if (typeof value === 'number') return others.has(String(value));
    if (typeof value !== 'string') return false;
    const text = value.trim();
    return [text, normalizeEmail(text), normalizePhone(text, country)].some((each) => each && others.has(each));
  };
  const without = (value: unknown): unknown => {
    if (isOthers(value)) return ofSomebodyElse;
    if (Array.isArray(value)) return value.map(without);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, without(each)]));
  };
  return without;
};
