import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type Answer, answer, refuse } from '../../core/apis/answer.ts';
import { readToken } from '../../core/apis/basic-credentials.ts';
import { type GatewayRequest, gatewayRequest } from '../../core/apis/gateway-request.ts';
import type { Explanation } from '../../core/operations/explain.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import type { Cause } from '../../core/operations/plan-unmerge.ts';
import type { Unmerged } from '../../operations/identity.ts';
import { readAdminRequest } from './request.ts';

export interface AdminDeps {
  /** Whether an operator made this access token for the admin API, and has not revoked it. */
  readonly isAccessToken: (token: string) => Promise<boolean>;
  /** @throws OperatorRefused */
  readonly explain: (address: string) => Promise<Explanation>;
  /** Only says what would become of the two people unless `execute`. @throws OperatorRefused */
  readonly unmerge: (address: string, cause: Cause, execute: boolean) => Promise<Unmerged>;
  readonly now: () => string;
  readonly newId: () => string;
  /** Says that a call failed, without saying whom it was about. */
  readonly warn: (message: string, details: Record<string, string>) => void;
}

/** Makes the function behind the admin API: what `npm run explain` and `npm run unmerge` do, over HTTP. */
export const createHandler =
  (deps: AdminDeps) =>
  async (event: APIGatewayProxyEventV2): Promise<Answer> => {
    const request = gatewayRequest(event);
    const { requestId } = request.requestContext;
    const { headers, ...rest } = await respond(request, deps).catch((error: Error) => {
      if (error instanceof OperatorRefused) return refusal(error);
      deps.warn('not answered', { reason: error.name, requestId });
      return refuse(500, 'internal_error', 'Something failed here; try again later.');
    });
    return { ...rest, headers: { ...headers, 'request-id': requestId } };
  };

async function respond(event: GatewayRequest, deps: AdminDeps): Promise<Answer> {
  const token = readToken(event.headers.authorization);
  if (token === undefined || !(await deps.isAccessToken(token))) return unauthenticated;
  const request = readAdminRequest(event);
  switch (request.kind) {
    case 'unknown':
      return refuse(404, 'not_found', 'No such path; a profile has explain and unmerge.');
    case 'not_allowed':
      return refuse(405, 'invalid_request_error', `Use ${request.allow}.`, { allow: request.allow });
    case 'invalid':
      return refuse(400, 'validation_error', sentence(request.problem));
    case 'explain':
      return answer(200, await deps.explain(request.address));
    case 'unmerge': {
      const now = deps.now();
      return answer(
        200,
        await deps.unmerge(
          request.address,
          { messageId: `operator-${deps.newId()}`, timestamp: now, at: now },
          request.apply,
        ),
      );
    }
  }
}

function refusal({ kind, message }: OperatorRefused): Answer {
  switch (kind) {
    case 'invalid':
      return refuse(400, 'validation_error', sentence(message));
    case 'not_found':
      return refuse(404, 'not_found', sentence(message));
    case 'contended':
      return refuse(409, 'conflict', sentence(message), { 'retry-after': '1' });
    case 'refused':
      return refuse(422, 'validation_error', sentence(message));
  }
}

const unauthenticated = refuse(
  401,
  'authentication_error',
  'Send an access token of the admin API as the user name of Basic authorization.',
  {
    'www-authenticate': 'Basic realm="admin"',
  },
);

const sentence = (problem: string): string => `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`;
