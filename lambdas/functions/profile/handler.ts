import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type Answer, answer, refuse } from '../../core/apis/answer.ts';
import { readToken } from '../../core/apis/basic-credentials.ts';
import { type GatewayRequest, gatewayRequest } from '../../core/apis/gateway-request.ts';
import type { ProfileAddress } from '../../core/apis/profile-address.ts';
import { readQuery } from '../../core/apis/profile-query.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import { type OwnerName, ownerName } from '../../core/profile/owner-name.ts';
import type { Collection, Profile, ProfileId } from '../../core/profile/profile.ts';
import { bodyOf } from './body.ts';
import { findRoute, views } from './route.ts';

export interface ProfileDeps {
  readonly config: Pick<CdpConfig, 'segments'>;
  /** Whether an operator made this access token, and has not revoked it. */
  readonly isAccessToken: (token: string) => Promise<boolean>;
  readonly findOwner: (name: OwnerName) => Promise<Profile | undefined>;
  readonly find: (profileId: ProfileId) => Promise<Profile | undefined>;
  /** Says that a call failed, without saying whom it was about. */
  readonly warn: (message: string, details: Record<string, string>) => void;
}

/** Makes the function behind the profile API: it shows an application what is known of one person or account. */
export const createHandler =
  (deps: ProfileDeps) =>
  async (event: APIGatewayProxyEventV2): Promise<Answer> => {
    const request = gatewayRequest(event);
    const { requestId } = request.requestContext;
    const { headers, ...rest } = await respond(request, deps).catch((error: Error) => {
      deps.warn('not answered', { reason: error.name, requestId });
      return throttled.has(error.name)
        ? refuse(429, 'rate_limit_error', 'Too many requests; wait, then try again.', { 'retry-after': '1' })
        : refuse(500, 'internal_error', 'Something failed here; try again later.');
    });
    return { ...rest, headers: { ...headers, 'request-id': requestId } };
  };

/** What the table's client and reader throw once their own retries are used up. */
const throttled = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'Unread',
]);

async function respond(event: GatewayRequest, deps: ProfileDeps): Promise<Answer> {
  const token = readToken(event.headers.authorization);
  if (token === undefined || !(await deps.isAccessToken(token))) return unauthenticated;
  if (event.requestContext.http.method !== 'GET')
    return refuse(405, 'invalid_request_error', 'Use GET.', { allow: 'GET' });

  const route = findRoute(event.rawPath);
  if (route.kind === 'unknown') return refuse(404, 'not_found', `No such path; a profile has ${views.join(', ')}.`);
  if (route.kind === 'invalid') return refuse(400, 'validation_error', sentence(route.problem));
  const read = readQuery(new URLSearchParams(event.rawQueryString));
  if (!read.ok) return refuse(400, 'invalid_request_error', sentence(read.problem));
  if (route.view === 'links' && route.collection === 'accounts') return noMembers;

  const profile = await findAt(route, deps);
  if (profile?.collection !== route.collection) return refuse(404, 'not_found', 'Profile was not found.');
  return answer(200, bodyOf({ ...route, profile, query: read.query }, deps.config.segments));
}

interface Whose {
  readonly address: ProfileAddress;
  readonly collection: Collection;
}

const findAt = ({ address, collection }: Whose, { find, findOwner }: ProfileDeps): Promise<Profile | undefined> =>
  'profileId' in address ? find(address.profileId) : findOwner(ownerName(collection, address.identifier));

const unauthenticated = refuse(
  401,
  'authentication_error',
  'Send an access token as the user name of Basic authorization.',
  {
    'www-authenticate': 'Basic realm="profiles"',
  },
);

const noMembers = refuse(
  400,
  'invalid_request_error',
  "An account's people are not listed here; ask each person for their accounts.",
);

const sentence = (problem: string): string => `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`;
