import type { GatewayRequest } from '../../core/apis/gateway-request.ts';
import type { Route } from '../../core/apis/http-router.ts';
import { type ReadRequest, readOpenDsr } from '../../core/privacy/open-dsr.ts';
import { bodyOf, jsonIn } from './body.ts';

type Readable = Extract<ReadRequest, { readonly ok: true }>;

/** What is asked about one request. */
type OfOne = 'showRequest' | 'runRequest' | 'cancelRequest' | 'showReceipts';

/** What a privacy officer asks for, or why the request cannot be read. */
export type PrivacyRequest =
  | { readonly kind: 'fileRequest'; readonly read: Readable; readonly body: string }
  | { readonly kind: 'previewRequest'; readonly read: Readable }
  | { readonly kind: 'listRequests' }
  | { readonly kind: OfOne; readonly id: string }
  | { readonly kind: 'invalid'; readonly problem: string };

type Read = (request: GatewayRequest) => PrivacyRequest;

const withBody =
  (take: (read: Readable, body: string) => PrivacyRequest): Read =>
  (request) => {
    const body = bodyOf(request);
    const json = jsonIn(body);
    if (!json.ok) return { kind: 'invalid', problem: json.problem };
    const read = readOpenDsr(json.value);
    return read.ok ? take(read, body) : { kind: 'invalid', problem: read.problem };
  };

const oneRequest = /^\/v1\/requests\/(?<id>[0-9a-f-]{36})/.source;
const about =
  (kind: OfOne) =>
  ({ id = '' }: Readonly<Record<string, string>>): Read =>
  () => ({ kind, id });

/** Requests in OpenDSR's forms. */
export const privacyRoutes: readonly Route<Read>[] = [
  { methods: ['GET'], path: /^\/v1\/requests\/?$/, ask: () => () => ({ kind: 'listRequests' }) },
  {
    methods: ['POST'],
    path: /^\/v1\/requests\/?$/,
    ask: () => withBody((read, body) => ({ kind: 'fileRequest', read, body })),
  },
  {
    methods: ['POST'],
    path: /^\/v1\/requests\/preview\/?$/,
    ask: () => withBody((read) => ({ kind: 'previewRequest', read })),
  },
  { methods: ['GET'], path: new RegExp(`${oneRequest}/?$`), ask: about('showRequest') },
  { methods: ['GET'], path: new RegExp(`${oneRequest}/receipts/?$`), ask: about('showReceipts') },
  { methods: ['DELETE'], path: new RegExp(`${oneRequest}/?$`), ask: about('cancelRequest') },
  { methods: ['POST'], path: new RegExp(`${oneRequest}/run/?$`), ask: about('runRequest') },
];
