import { findRoute, type NoRoute, type Route } from '../../core/apis/http-router.ts';
import { decodePathPart, type ProfileAddress, readAddress } from '../../core/apis/profile-address.ts';
import type { Collection } from '../../core/profile/profile.ts';

/** The views of a profile, by their names in a path. */
export const views = ['traits', 'external_ids', 'events', 'metadata', 'links', 'segments'] as const;
export type View = (typeof views)[number];

/**
 * The wanted view of a profile, or the reason why there is none. `list` is the path of the collection's profiles; an
 * answer gives its own address with it.
 */
export type ProfileRoute =
  | {
      readonly kind: 'view';
      readonly view: View;
      readonly collection: Collection;
      readonly address: ProfileAddress;
      readonly list: string;
    }
  | { readonly kind: 'invalid'; readonly problem: string }
  | NoRoute;

/** API Gateway decodes a path, so an identifier may hold slashes. */
const list = '(?<list>/v1/spaces/(?<space>[^/]*)/collections/(?<collection>[^/]*)/profiles)';

const routes: readonly Route<ProfileRoute>[] = views.map((view) => ({
  methods: ['GET'],
  path: new RegExp(`${list}/(?<profile>.+)/${view}/?$`, 's'),
  ask: (parts) => routeOf(view, parts),
}));

/** Reads a method and a path. */
export const findProfileRoute = (method: string, path: string): ProfileRoute => findRoute(routes, method, path);

function routeOf(
  view: View,
  { list = '', space = '', collection = '', profile = '' }: Readonly<Record<string, string>>,
): ProfileRoute {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(space)) return invalid('the space may have letters, digits, "_" and "-" only');
  if (collection !== 'users' && collection !== 'accounts') return invalid('the collection must be users or accounts');
  // The gateway leaves `%25` as it is. Decoding once more gives what the client encoded, whatever the gateway decoded.
  const decoded = decodePathPart(profile);
  if (decoded === undefined) return invalid('the identifier is not URL-encoded');
  const read = readAddress(decoded);
  return read.ok ? { kind: 'view', view, collection, address: read.address, list } : invalid(read.problem);
}

const invalid = (problem: string): ProfileRoute => ({ kind: 'invalid', problem });
