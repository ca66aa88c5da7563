/** What the function of an HTTP API answers. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the body is bytes in base64. */
  readonly isBase64Encoded?: boolean;
}

/** Segment's error codes, and two that Segment lacks: `internal_error` and `conflict`. */
type ErrorCode =
  | 'authentication_error'
  | 'invalid_request_error'
  | 'validation_error'
  | 'not_found'
  | 'rate_limit_error'
  | 'internal_error'
  | 'conflict';

/** Answers with JSON that only the caller may keep. */
export const answerWithJson = (
  statusCode: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({
  statusCode,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  body: JSON.stringify(body),
});

/**
 * Refuses a request in the form of Segment's profile API: a code, and one sentence that starts with a capital letter.
 */
export const refuseAsSegment = (
  statusCode: number,
  code: ErrorCode,
  problem: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => answerWithJson(statusCode, { error: { code, message: sentenceOf(problem) } }, headers);

const sentenceOf = (problem: string): string =>
  `${problem.charAt(0).toUpperCase()}${problem.slice(1)}${problem.endsWith('.') ? '' : '.'}`;
