import * as z from 'zod';
import type { GatewayRequest } from '../../core/apis/gateway-request.ts';
import { decodePathPart } from '../../core/apis/profile-address.ts';

/** What an operator asks for, or why it is no request. `address` names a profile as the commands do. */
export type AdminRequest =
  | { readonly kind: 'explain'; readonly address: string }
  | { readonly kind: 'unmerge'; readonly address: string; readonly apply: boolean }
  | { readonly kind: 'not_allowed'; readonly allow: string }
  | { readonly kind: 'invalid'; readonly problem: string }
  | { readonly kind: 'unknown' };

/** A body that says nothing asks for a preview. */
const Unmerge = z.strictObject(
  { apply: z.boolean({ error: 'must be true or false' }).default(false) },
  { error: unknownField },
);

const path = /^\/v1\/profiles\/(.+)\/(explain|unmerge)\/?$/s;

/** Reads a request of the admin API. */
export function readAdminRequest(event: GatewayRequest): AdminRequest {
  const [, encoded, action] = path.exec(event.rawPath) ?? [];
  if (encoded === undefined || (action !== 'explain' && action !== 'unmerge')) return { kind: 'unknown' };
  const allow = action === 'explain' ? 'GET' : 'POST';
  if (event.requestContext.http.method !== allow) return { kind: 'not_allowed', allow };
  const address = decodePathPart(encoded);
  if (address === undefined) return { kind: 'invalid', problem: 'the identifier is not URL-encoded' };
  return action === 'explain' ? { kind: 'explain', address } : readUnmerge(address, bodyOf(event));
}

function readUnmerge(address: string, text: string): AdminRequest {
  let body: unknown;
  try {
    body = text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    return { kind: 'invalid', problem: 'the body is not JSON' };
  }
  const read = Unmerge.safeParse(body);
  if (read.success) return { kind: 'unmerge', address, ...read.data };
  const [{ path: [field] = [], message } = { message: 'is not valid' }] = read.error.issues;
  return { kind: 'invalid', problem: field === undefined ? message : `${String(field)} ${message}` };
}

function unknownField({ code }: { readonly code?: string | undefined }): string {
  return code === 'unrecognized_keys' ? 'the body may say apply and nothing else' : 'the body must be a JSON object';
}

/** A gateway that says nothing of base64 may have written it, and no JSON that is asked for here begins with one of its signs. */
const bodyOf = ({ body, isBase64Encoded = /^[A-Za-z0-9+/]/.test(body) }: GatewayRequest): string =>
  isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
