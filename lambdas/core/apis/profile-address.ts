import { limits } from '../events/event.ts';
import { normalizeEmail } from '../identifiers/email.ts';
import { type Identifier, identifier, typeOf } from '../identifiers/identifier.ts';
import { normalizePhone } from '../identifiers/phone.ts';
import { isIdentifierType } from '../identifiers/rules.ts';
import type { Collection, ProfileId } from '../profile/profile.ts';
import { isProfileId } from '../profile/profile-id.ts';

/** The owner of an identifier: a person or an account, by `collection` or else by `usualCollection`. */
export interface AddressedIdentifier {
  readonly identifier: Identifier;
  readonly collection?: Collection;
}

/** The profile that a reader wants: by its own id, or by an identifier of its owner. */
export type ProfileAddress = { readonly profileId: ProfileId } | AddressedIdentifier;

/** The usual owner of an identifier: `group_id` belongs to an account, all others to a person. */
export const usualCollection = (id: Identifier): Collection => (typeOf(id) === 'group_id' ? 'accounts' : 'users');

/** An address, or the problem with it. The problem does not quote the address. */
type ReadAddress =
  | { readonly ok: true; readonly address: ProfileAddress }
  | { readonly ok: false; readonly problem: string };

/** A part of a path, decoded; undefined when it is not URL-encoded. */
export function decodePathPart(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Types that hold a profile's own id. Segment calls it `segment_id`. */
const ownTypes = new Set(['profile_id', 'segment_id']);

/**
 * Reads `type:value`, e.g. `email:Ann@Example.com`, normalized as in events; or a bare profile id, as answers have it.
 * `users/` or `accounts/` before it names the collection of the owner.
 */
export function readAddress(text: string): ReadAddress {
  const [, collection, rest] = /^(users|accounts)\/(.*)$/s.exec(text) ?? [];
  if (rest === undefined) return readBare(text);
  const read = readBare(rest);
  return read.ok && 'identifier' in read.address
    ? { ok: true, address: { ...read.address, collection: collection as Collection } }
    : read;
}

function readBare(text: string): ReadAddress {
  if (isProfileId(text)) return { ok: true, address: { profileId: text } };
  const colon = text.indexOf(':');
  const type = text.slice(0, Math.max(colon, 0)).toLowerCase();
  if (!isIdentifierType(type)) return wrong('name the profile as type:value, e.g. user_id:123');
  const value = text.slice(colon + 1).trim();
  if (value === '' || value.length > limits.identifier)
    return wrong(`the ${type} must have 1 to ${limits.identifier} characters`);
  if (ownTypes.has(type)) return { ok: true, address: { profileId: value } };
  const normal = normalized(type, value);
  return normal === undefined
    ? wrong(`this is not ${wanted.get(type)}`)
    : { ok: true, address: { identifier: identifier(type, normal) } };
}

function normalized(type: string, value: string): string | undefined {
  if (type === 'email') return normalizeEmail(value);
  return type === 'phone' ? normalizePhone(value) : value;
}

const wanted: ReadonlyMap<string, string> = new Map([
  ['email', 'an email address'],
  ['phone', 'a phone number with its country code, e.g. +12015550123 (as %2B12015550123)'],
]);

const wrong = (problem: string): ReadAddress => ({ ok: false, problem });
