import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

export type Answer = APIGatewayProxyStructuredResultV2;

const json = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

/** Answers with JSON. */
export const answer = (statusCode: number, body: object, headers: Record<string, string> = {}): Answer => ({
  statusCode,
  headers: { ...json, ...headers },
  body: JSON.stringify(body),
});

/** Answers that something is wrong; RudderStack's Python client needs both `code` and `message`. */
export const refuse = (
  statusCode: number,
  code: string,
  message: string,
  more: object = {},
  headers: Record<string, string> = {},
): Answer => answer(statusCode, { success: false, code, message, ...more }, headers);

const transparentGif = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

/** Answers with a transparent picture of one pixel, never cached, so that each view asks again. */
export const gif = (): Answer => ({
  statusCode: 200,
  headers: { 'content-type': 'image/gif', 'cache-control': 'no-store, max-age=0' },
  body: transparentGif,
  isBase64Encoded: true,
});

/** An answer without its body, as HEAD asks for. */
export const headOf = ({ statusCode, headers }: Answer): Answer => ({
  statusCode,
  ...(headers !== undefined && { headers }),
});
