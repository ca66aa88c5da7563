import { decodePathPart, type ProfileAddress, readAddress } from '../../core/apis/profile-address.ts';
import type { Collection } from '../../core/profile/profile.ts';

export const views = ['traits', 'external_ids', 'events', 'metadata', 'links', 'segments'] as const;
export type View = (typeof views)[number];

/** What a request asks for. `list` is the path of the collection's profiles, by which an answer names its own address. */
export type Route =
  | {
      readonly kind: 'view';
      readonly view: View;
      readonly collection: Collection;
      readonly address: ProfileAddress;
      readonly list: string;
    }
  | { readonly kind: 'invalid'; readonly problem: string }
  | { readonly kind: 'unknown' };

/**
 * Reads a path. API Gateway decodes it all but for `%25`, so an identifier may hold slashes, and decoding once more
 * gives what the client encoded, whether or not the gateway did its part.
 */
export function findRoute(rawPath: string): Route {
  const [, list, space = '', collection = '', profile = '', view = ''] = path.exec(rawPath) ?? [];
  if (list === undefined) return { kind: 'unknown' };
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(space)) return invalid('the space may have letters, digits, "_" and "-" only');
  if (collection !== 'users' && collection !== 'accounts') return invalid('the collection must be users or accounts');
  if (!isView(view)) return { kind: 'unknown' };
  const decoded = decodePathPart(profile);
  if (decoded === undefined) return invalid('the identifier is not URL-encoded');
  const read = readAddress(decoded);
  return read.ok ? { kind: 'view', view, collection, address: read.address, list } : invalid(read.problem);
}

const path = /(\/v1\/spaces\/([^/]*)\/collections\/([^/]*)\/profiles)\/(.+)\/([^/]+)\/?$/s;

const isView = (name: string): name is View => (views as readonly string[]).includes(name);
const invalid = (problem: string): Route => ({ kind: 'invalid', problem });
