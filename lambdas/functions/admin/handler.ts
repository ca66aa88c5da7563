import type { GatewayRequest } from '../../core/apis/gateway-request.ts';
import { answerWithJson, type HttpAnswer, refuseAsSegment } from '../../core/apis/http-answer.ts';
import { createTokenFunction, type TokenDeps } from '../../core/apis/token-function.ts';
import type { Explanation } from '../../core/operations/explain.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import type { UnmergeCause } from '../../core/operations/plan-unmerge.ts';
import type { Unmerged } from '../../operations/identity.ts';
import type { PrivacyOfficer } from '../../operations/privacy/officer.ts';
import { answerPrivacy } from './answer-privacy.ts';
import { readAdminRequest } from './request.ts';

/** Everything the admin API works with. */
export interface AdminDeps extends TokenDeps {
  /** @throws OperatorRefused */
  readonly explain: (address: string) => Promise<Explanation>;
  /** Only tells what would become of the two people unless `execute`. @throws OperatorRefused */
  readonly unmerge: (address: string, cause: UnmergeCause, execute: boolean) => Promise<Unmerged>;
  readonly officer: PrivacyOfficer;
  /** The domain that answers to privacy requests name as their sender. */
  readonly openDsrDomain: string | undefined;
  readonly now: () => string;
  readonly newId: () => string;
}

/** Makes the function behind the admin API: what `npm run explain`, `unmerge` and `privacy` do, over HTTP. */
export const createHandler = (deps: AdminDeps) =>
  createTokenFunction(
    {
      realm: 'admin',
      tokenName: 'an access token of the admin API',
      respond: (request) => respond(request, deps),
      refuseError: (error) => (error instanceof OperatorRefused ? refuseOperator(error) : undefined),
    },
    deps,
  );

async function respond(
  event: GatewayRequest,
  { explain, unmerge, officer, openDsrDomain, now, newId }: AdminDeps,
): Promise<HttpAnswer> {
  const request = readAdminRequest(event);
  switch (request.kind) {
    case 'explain':
      return answerWithJson(200, await explain(request.address));
    case 'unmerge': {
      const at = now();
      const cause = { messageId: `operator-${newId()}`, timestamp: at, at };
      return answerWithJson(200, await unmerge(request.address, cause, request.apply));
    }
    case 'invalid':
      return refuseAsSegment(400, 'validation_error', request.problem);
    case 'wrongMethod':
      return refuseAsSegment(405, 'invalid_request_error', `use ${request.allow}`, { allow: request.allow });
    case 'unknown':
      return refuseAsSegment(
        404,
        'not_found',
        'no such path; a profile has explain and unmerge, and there are requests',
      );
    default:
      return answerPrivacy(request, { officer, openDsrDomain });
  }
}

function refuseOperator({ kind, message }: OperatorRefused): HttpAnswer {
  switch (kind) {
    case 'invalid':
      return refuseAsSegment(400, 'validation_error', message);
    case 'not_found':
      return refuseAsSegment(404, 'not_found', message);
    case 'contended':
      return refuseAsSegment(409, 'conflict', message, { 'retry-after': '1' });
    case 'refused':
      return refuseAsSegment(422, 'validation_error', message);
  }
}
