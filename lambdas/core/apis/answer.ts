/** An answer of an HTTP API's function. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Segment's codes, and those for which Segment names none: for our own faults, and for somebody else who was first. */
type ErrorCode =
  | 'authentication_error'
  | 'invalid_request_error'
  | 'validation_error'
  | 'not_found'
  | 'rate_limit_error'
  | 'internal_error'
  | 'conflict';

/** Answers with JSON that nobody but the caller may keep. */
export const answer = (statusCode: number, body: object, headers: Record<string, string> = {}): Answer => ({
  statusCode,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify(body),
});

/** Says what is wrong, the way Segment does. */
export const refuse = (
  statusCode: number,
  code: ErrorCode,
  message: string,
  headers: Record<string, string> = {},
): Answer => answer(statusCode, { error: { code, message } }, headers);
