import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

export type Answer = APIGatewayProxyStructuredResultV2;

/** Segment's codes, and one for our own faults, for which Segment names none. */
type ErrorCode = 'authentication_error' | 'invalid_request_error' | 'validation_error' | 'not_found' | 'rate_limit_error' | 'internal_error';

/** Answers with JSON that nobody but the caller may keep. */
export const answer = (statusCode: number, body: object, headers: Record<string, string> = {}): Answer => ({
  statusCode,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify(body),
});

/** Says what is wrong, the way Segment does. */
export const refuse = (statusCode: number, code: ErrorCode, message: string, headers: Record<string, string> = {}): Answer =>
  answer(statusCode, { error: { code, message } }, headers);
