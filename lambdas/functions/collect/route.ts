import { type EventType, eventTypes } from '../../core/events/event.ts';

/** What a request asks for, read from its method and path. `base` is the path in front of `/v1`, for a proxy may add one. */
export type Route =
  | { readonly kind: 'events'; readonly call: EventType | 'batch' }
  | { readonly kind: 'pixel'; readonly call: EventType }
  | { readonly kind: 'settings'; readonly writeKey: string; readonly base: string }
  | { readonly kind: 'clientMetrics' }
  | { readonly kind: 'health' }
  | { readonly kind: 'preflight' }
  | { readonly kind: 'wrongMethod'; readonly allow: string }
  | { readonly kind: 'unknown' };

/** Each call by the names that a path may give it, in lower case. */
const calls: ReadonlyMap<string, EventType | 'batch'> = new Map<string, EventType | 'batch'>([
  ...eventTypes.flatMap((type) => [[type, type] as const, [type.slice(0, 1), type] as const]),
  ['b', 'batch'],
  ['batch', 'batch'],
  ['import', 'batch'],
]);

/**
 * Decides what a request asks for. Repeated and trailing slashes are forgiven, because clients join host and path carelessly; a
 * prefix may itself hold `/v1/`, so the API's own path is looked for from the end, where it has at most three parts.
 */
export function findRoute(method: string, rawPath: string): Route {
  if (method === 'OPTIONS') return { kind: 'preflight' };
  const path = rawPath.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  if (path === '/health') return onlyFor('GET', method, { kind: 'health' });
  const parts = path.split('/');
  for (const own of [1, 2, 3]) {
    const at = parts.length - own - 1;
    const route: Route =
      parts[at] === 'v1' ? routeBelow(method, parts.slice(0, at).join('/'), parts.slice(-own)) : { kind: 'unknown' };
    if (route.kind !== 'unknown') return route;
  }
  return { kind: 'unknown' };
}

/** What the parts of a path behind `/v1` ask for. */
function routeBelow(method: string, base: string, [first = '', second, third]: readonly string[]): Route {
  if (first === 'projects' && third === 'settings')
    return onlyFor('GET', method, { kind: 'settings', writeKey: decode(second ?? ''), base });
  if (third !== undefined) return { kind: 'unknown' };
  if (first === 'pixel') return pixelRoute(method, second);
  if (second !== undefined) return { kind: 'unknown' };
  // RudderStack's pixel stands in front of the version: /pixel/v1/track.
  return isRead(method) && base.endsWith('/pixel') ? pixelRoute(method, first) : eventsRoute(method, first);
}

function pixelRoute(method: string, name = ''): Route {
  const call = callNamed(name);
  return call === undefined || call === 'batch' ? { kind: 'unknown' } : onlyFor('GET', method, { kind: 'pixel', call });
}

function eventsRoute(method: string, name: string): Route {
  if (name === 'm') return onlyFor('POST', method, { kind: 'clientMetrics' });
  const call = callNamed(name);
  return call === undefined ? { kind: 'unknown' } : onlyFor('POST', method, { kind: 'events', call });
}

const callNamed = (name: string): EventType | 'batch' | undefined => calls.get(name.toLowerCase());

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** Who may read a resource may ask for its head. */
function onlyFor(allowed: 'GET' | 'POST', method: string, route: Route): Route {
  const fits = allowed === 'GET' ? isRead(method) : method === allowed;
  return fits ? route : { kind: 'wrongMethod', allow: allowed === 'GET' ? 'GET, HEAD' : allowed };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
