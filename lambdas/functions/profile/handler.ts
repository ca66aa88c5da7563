import type { GatewayRequest } from '../../core/apis/gateway-request.ts';
import { answerWithJson, type HttpAnswer, refuseAsSegment } from '../../core/apis/http-answer.ts';
import type { ProfileAddress } from '../../core/apis/profile-address.ts';
import { readQuery } from '../../core/apis/profile-query.ts';
import { createTokenFunction, type TokenDeps } from '../../core/apis/token-function.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import { type OwnerName, ownerName } from '../../core/profile/owner-name.ts';
import type { Collection, Profile, ProfileId } from '../../core/profile/profile.ts';
import type { AggregateRegistry } from '../../core/segments/history/registry.ts';
import { bodyOf } from './body.ts';
import { findProfileRoute, type ProfileRoute, views } from './route.ts';

/** Everything the profile API works with. */
export interface ProfileDeps extends TokenDeps {
  readonly config: Pick<CdpConfig, 'segments' | 'traits'>;
  /** Since when aggregates count; undefined if all do since the first event. */
  readonly registry: () => Promise<AggregateRegistry | undefined>;
  /** The time, in milliseconds. */
  readonly now: () => number;
  readonly findOwner: (name: OwnerName) => Promise<Profile | undefined>;
  readonly find: (profileId: ProfileId) => Promise<Profile | undefined>;
}

/** Makes the function behind the profile API, which shows an application one person or account. */
export const createHandler = (deps: ProfileDeps) =>
  createTokenFunction(
    { realm: 'profiles', tokenName: 'an access token', respond: (request) => respond(request, deps) },
    deps,
  );

async function respond(request: GatewayRequest, deps: ProfileDeps): Promise<HttpAnswer> {
  const route = findProfileRoute(request.requestContext.http.method, request.rawPath);
  switch (route.kind) {
    case 'view':
      return show(route, request.rawQueryString, deps);
    case 'invalid':
      return refuseAsSegment(400, 'validation_error', route.problem);
    case 'wrongMethod':
      return refuseAsSegment(405, 'invalid_request_error', `use ${route.allow}`, { allow: route.allow });
    case 'unknown':
      return refuseAsSegment(404, 'not_found', `no such path; a profile has ${views.join(', ')}`);
  }
}

type Wanted = Extract<ProfileRoute, { kind: 'view' }>;

async function show(wanted: Wanted, rawQuery: string, deps: ProfileDeps): Promise<HttpAnswer> {
  const read = readQuery(new URLSearchParams(rawQuery));
  if (!read.ok) return refuseAsSegment(400, 'invalid_request_error', read.problem);
  if (wanted.view === 'links' && wanted.collection === 'accounts') return noMembers;

  const profile = await findAt(wanted, deps);
  if (profile?.collection !== wanted.collection) return refuseAsSegment(404, 'not_found', 'profile was not found');
  const definitions = { ...deps.config, registry: await deps.registry() };
  return answerWithJson(200, bodyOf({ ...wanted, profile, query: read.query, now: deps.now() }, definitions));
}

interface Whose {
  readonly address: ProfileAddress;
  readonly collection: Collection;
}

const findAt = ({ address, collection }: Whose, { find, findOwner }: ProfileDeps): Promise<Profile | undefined> =>
  'profileId' in address ? find(address.profileId) : findOwner(ownerName(collection, address.identifier));

const noMembers = refuseAsSegment(
  400,
  'invalid_request_error',
  "an account's people are not listed here; ask each person for their accounts",
);
