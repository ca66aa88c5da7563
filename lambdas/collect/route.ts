import { type EventType, eventTypes } from '../core/event.ts';
import { ownValue } from '../core/own-value.ts';

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

const shortForms: Readonly<Record<string, EventType | 'batch'>> = {
  t: 'track',
  i: 'identify',
  p: 'page',
  s: 'screen',
  g: 'group',
  a: 'alias',
  b: 'batch',
  batch: 'batch',
  import: 'batch',
};

/** Decides what a request asks for. Repeated and trailing slashes are forgiven, because clients join host and path carelessly. */
export function findRoute(method: string, rawPath: string): Route {
  if (method === 'OPTIONS') return { kind: 'preflight' };
  const path = rawPath.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  if (path === '/health') return onlyFor('GET', method, { kind: 'health' });
  const [, base = '', rest] = /^(.*?)\/v1\/(.+)$/.exec(path) ?? [];
  if (rest === undefined) return { kind: 'unknown' };
  const [first = '', second, third, ...more] = rest.split('/');
  if (more.length > 0) return { kind: 'unknown' };
  if (first === 'projects' && third === 'settings') return onlyFor('GET', method, { kind: 'settings', writeKey: decode(second ?? ''), base });
  if (third !== undefined) return { kind: 'unknown' };
  if (first === 'pixel') return pixelRoute(method, second);
  return second === undefined ? eventsRoute(method, first) : { kind: 'unknown' };
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

const callNamed = (name: string): EventType | 'batch' | undefined => eventTypes.find((type) => type === name) ?? ownValue(shortForms, name);

const onlyFor = (allow: string, method: string, route: Route): Route => (method === allow ? route : { kind: 'wrongMethod', allow });

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
