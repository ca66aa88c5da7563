import { errorNameOf } from '../values/thrown.ts';
import { readToken } from './basic-credentials.ts';
import { type GatewayRequest, gatewayRequest } from './gateway-request.ts';
import { type HttpAnswer, refuseAsSegment } from './http-answer.ts';

/** Everything that a function behind an API with access tokens needs. */
export interface TokenDeps {
  /** Whether an operator made this access token, and has not revoked it. */
  readonly isAccessToken: (token: string) => Promise<boolean>;
  /** Logs that a request failed, without the person it was about. */
  readonly warn: (message: string, details: Record<string, string>) => void;
}

/** An API that answers holders of an access token. */
interface TokenApi {
  /** Name of the API in the header `WWW-Authenticate`. */
  readonly realm: string;
  /** What a caller without a token is told to send. */
  readonly tokenName: string;
  readonly respond: (request: GatewayRequest) => Promise<HttpAnswer>;
  /** Answers an error that is the caller's own; undefined for any other. */
  readonly refuseError?: (error: unknown) => HttpAnswer | undefined;
}

/**
 * Makes a function that answers holders of an access token. Each answer has a Request-Id, and no answer or log line
 * names a person.
 */
export const createTokenFunction =
  (api: TokenApi, deps: TokenDeps) =>
  async (event: unknown): Promise<HttpAnswer> => {
    const request = gatewayRequest(event);
    const { requestId } = request.requestContext;
    const answer = await respondToHolder(request, api, deps).catch(
      (error: unknown) => api.refuseError?.(error) ?? refuseFailure(error, requestId, deps),
    );
    return { ...answer, headers: { ...answer.headers, 'request-id': requestId } };
  };

async function respondToHolder(request: GatewayRequest, api: TokenApi, deps: TokenDeps): Promise<HttpAnswer> {
  const token = readToken(request.headers.authorization);
  if (token !== undefined && (await deps.isAccessToken(token))) return api.respond(request);
  const problem = `send ${api.tokenName} as the user name of Basic authorization`;
  return refuseAsSegment(401, 'authentication_error', problem, { 'www-authenticate': `Basic realm="${api.realm}"` });
}

/** Names of errors that AWS's clients and the table's reader throw after their own retries. */
const throttled: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'Unread',
]);

function refuseFailure(error: unknown, requestId: string, { warn }: TokenDeps): HttpAnswer {
  const reason = errorNameOf(error);
  warn('not answered', { reason, requestId });
  return throttled.has(reason)
    ? refuseAsSegment(429, 'rate_limit_error', 'too many requests; wait, then try again', { 'retry-after': '1' })
    : refuseAsSegment(500, 'internal_error', 'something failed here; try again later');
}
