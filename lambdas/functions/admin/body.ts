import type { GatewayRequest } from '../../core/apis/gateway-request.ts';

/** A gateway may send base64 without saying so. The JSON of a body starts with a character that base64 lacks. */
export const bodyOf = ({ body, isBase64Encoded = /^[A-Za-z0-9+/]/.test(body) }: GatewayRequest): string =>
  isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;

/** A body as JSON; an empty one is an object without fields. */
export function jsonIn(
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string } {
  try {
    return { ok: true, value: text.trim() === '' ? {} : JSON.parse(text) };
  } catch {
    return { ok: false, problem: 'the body is not JSON' };
  }
}
