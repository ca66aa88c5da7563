import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { IdentityRules } from './config.ts';
import type { Event } from './event.ts';

/** `type:value`, e.g. `email:ann@example.com`; a type never holds a colon. */
export type Identifier = `${string}:${string}`;

export const identifier = (type: string, value: string): Identifier => `${type}:${value}`;
export const typeOf = (id: Identifier): string => id.slice(0, id.indexOf(':'));
export const textOf = (id: Identifier): string => id.slice(id.indexOf(':') + 1);

/** Traits that an event states about the person: an identify's own, over those in its context (where RudderStack's SDKs put them). */
export function statedTraits(event: Event): Record<string, unknown> {
  const inContext = record(event.context?.traits);
  return event.type === 'identify' ? { ...inContext, ...event.traits } : {};
}

/**
 * The identifiers an event carries, normalized, without blocked ones, most trusted first.
 * A value that does not parse as what it claims to be is no identifier; it stays a trait.
 */
export function identifiersOf(event: Event, rules: IdentityRules, defaultCountry?: string): Identifier[] {
  const said = [record(event.context?.traits), event.type === 'identify' ? record(event.traits) : {}];
  const found = [
    event.userId && identifier('user_id', event.userId),
    ...said.map(({ email }) => normalized('email', email, normalizeEmail)),
    ...said.map(({ phone }) => normalized('phone', phone, (text) => normalizePhone(text, defaultCountry))),
    event.anonymousId && identifier('anonymous_id', event.anonymousId),
    event.type === 'alias' && event.previousId && identifier('anonymous_id', event.previousId),
  ];
  const usable = found.filter((id): id is Identifier => Boolean(id)).filter((id) => !isBlocked(textOf(id), rules));
  return [...new Set(usable)].sort((a, b) => byPriority(a, b, rules));
}

/** Lower-cases and trims; undefined when it has not the form of an address. */
export function normalizeEmail(text: string): string | undefined {
  const email = text.trim().toLowerCase();
  return email.length <= 320 && /^[^\s@"<>]+@[^\s@"<>]+\.[^\s@"<>.]+$/.test(email) ? email : undefined;
}

/** E.164, e.g. `+12015550123`; undefined when no valid number can be read from it. */
export function normalizePhone(text: string, defaultCountry?: string): string | undefined {
  const phone = text.length <= 40 ? parsePhoneNumberFromString(text, defaultCountry as CountryCode | undefined) : undefined;
  return phone?.isValid() ? phone.number : undefined;
}

/** True for values that many people share, e.g. `null` or `00000000-0000`; case and surrounding quotes do not matter. */
export function isBlocked(value: string, rules: IdentityRules): boolean {
  const bare = value
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .trim()
    .toLowerCase();
  return /^[0-]*$/.test(bare) || rules.blockedValues.some((blocked) => blocked.toLowerCase() === bare);
}

/** Orders identifiers from most to least trusted, then by value, so that the same event always loses the same one first. */
export const byPriority = (a: Identifier, b: Identifier, rules: IdentityRules): number =>
  rankOf(a, rules) - rankOf(b, rules) || (a < b ? -1 : a > b ? 1 : 0);

/** Place of an identifier's type in the rules' priority, 0 for the most trusted; types not named there come last. */
export function rankOf(id: Identifier, { priority }: IdentityRules): number {
  const place = priority.indexOf(typeOf(id));
  return place === -1 ? priority.length : place;
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

function normalized(type: string, value: unknown, normalize: (text: string) => string | undefined): Identifier | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? normalize(String(value)) : undefined;
  return text === undefined ? undefined : identifier(type, text);
}
