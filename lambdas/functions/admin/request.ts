import * as z from 'zod';
import type { GatewayRequest } from '../../core/apis/gateway-request.ts';
import { findRoute, type NoRoute, type Route } from '../../core/apis/http-router.ts';
import { decodePathPart } from '../../core/apis/profile-address.ts';
import { bodyOf, jsonIn } from './body.ts';
import { type PrivacyRequest, privacyRoutes } from './privacy-request.ts';

/** What an operator asks for, or why the request cannot be read. `address` names a profile as the commands do. */
type AdminRequest =
  | { readonly kind: 'explain'; readonly address: string }
  | { readonly kind: 'unmerge'; readonly address: string; readonly apply: boolean }
  | PrivacyRequest
  | NoRoute;

/** Reads the rest of a request, once its path and method are known. */
type Read = (request: GatewayRequest) => AdminRequest;

/** The address of a profile may hold slashes. */
const routes: readonly Route<Read>[] = [
  ...privacyRoutes,
  {
    methods: ['GET'],
    path: /^\/v1\/profiles\/(?<profile>.+)\/explain\/?$/s,
    ask: ({ profile }) => onProfile(profile, (address) => ({ kind: 'explain', address })),
  },
  {
    methods: ['POST'],
    path: /^\/v1\/profiles\/(?<profile>.+)\/unmerge\/?$/s,
    ask: ({ profile }) => onProfile(profile, (address, request) => readUnmerge(address, bodyOf(request))),
  },
];

/** Reads a request of the admin API. */
export function readAdminRequest(request: GatewayRequest): AdminRequest {
  const found = findRoute(routes, request.requestContext.http.method, request.rawPath);
  return typeof found === 'function' ? found(request) : found;
}

function onProfile(profile = '', read: (address: string, request: GatewayRequest) => AdminRequest): Read {
  const address = decodePathPart(profile);
  return (request) => (address === undefined ? invalid('the identifier is not URL-encoded') : read(address, request));
}

/** An empty body asks for a preview. */
const Unmerge = z.strictObject(
  { apply: z.boolean({ error: 'must be true or false' }).default(false) },
  { error: ({ code }) => (code === 'unrecognized_keys' ? unknownField : 'the body must be a JSON object') },
);

const unknownField = 'the body may have the field apply and nothing else';

function readUnmerge(address: string, text: string): AdminRequest {
  const json = jsonIn(text);
  if (!json.ok) return invalid(json.problem);
  const read = Unmerge.safeParse(json.value);
  if (read.success) return { kind: 'unmerge', address, ...read.data };
  const [{ path: [field] = [], message } = { message: 'is not valid' }] = read.error.issues;
  return invalid(field === undefined ? message : `${String(field)} ${message}`);
}

const invalid = (problem: string): AdminRequest => ({ kind: 'invalid', problem });
