import { findRoute, type NoRoute, type Route } from '../../core/apis/http-router.ts';
import { decodePathPart } from '../../core/apis/profile-address.ts';
import { type EventType, eventTypes } from '../../core/events/event.ts';

/** What the routes ask for. `base` is the path before `/v1`: a proxy may add a prefix. */
type Asked =
  | { readonly kind: 'events'; readonly call: EventType | 'batch' }
  | { readonly kind: 'pixel'; readonly call: EventType }
  | { readonly kind: 'settings'; readonly writeKey: string; readonly base: string }
  | { readonly kind: 'webhook' | 'challenge'; readonly id: string }
  | { readonly kind: 'clientMetrics' }
  | { readonly kind: 'health' }
  | { readonly kind: 'preflight' };
/** What a request asks for, or why no route has it. */
export type CollectRoute = Asked | NoRoute;

/** Names in a pattern, in upper or lower case. */
const anyCase = (...names: readonly string[]): string =>
  `(?:${names.join('|').replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)})`;

/** Whoever may read a resource may ask for its head. */
const reading = ['GET', 'HEAD'];

/** Paths of one call. RudderStack's pixel stands before the version. */
function routesOf(call: EventType): Route<Asked>[] {
  const name = anyCase(call, call.slice(0, 1));
  return [
    { methods: ['POST'], path: new RegExp(`/v1/${name}$`), ask: () => ({ kind: 'events', call }) },
    { methods: reading, path: new RegExp(`/(?:v1/pixel|pixel/v1)/${name}$`), ask: () => ({ kind: 'pixel', call }) },
  ];
}

/** Any prefix may stand before a path but that of the health check. */
const routes: readonly Route<Asked>[] = [
  {
    methods: ['POST'],
    path: new RegExp(`/v1/${anyCase('batch', 'import', 'b')}$`),
    ask: () => ({ kind: 'events', call: 'batch' }),
  },
  ...eventTypes.flatMap(routesOf),
  {
    methods: reading,
    path: /^(?<base>.*)\/v1\/projects\/(?<key>[^/]+)\/settings$/s,
    ask: ({ base = '', key = '' }) => ({ kind: 'settings', writeKey: decodePathPart(key) ?? key, base }),
  },
  { methods: ['POST'], path: /\/v1\/sources\/(?<id>[^/]+)$/, ask: ({ id = '' }) => ({ kind: 'webhook', id }) },
  { methods: ['GET'], path: /\/v1\/sources\/(?<id>[^/]+)$/, ask: ({ id = '' }) => ({ kind: 'challenge', id }) },
  { methods: ['POST'], path: /\/v1\/m$/, ask: () => ({ kind: 'clientMetrics' }) },
  { methods: reading, path: /^\/health$/, ask: () => ({ kind: 'health' }) },
];

/**
 * Decides what a request asks for. Repeated and trailing slashes are forgiven: clients join host and path carelessly.
 */
export function findCollectRoute(method: string, rawPath: string): CollectRoute {
  if (method === 'OPTIONS') return { kind: 'preflight' };
  return findRoute(routes, method, rawPath.replace(/\/{2,}/g, '/').replace(/\/$/, ''));
}
