import { describe, expect, it } from 'vitest';
import { findRoute, type Route } from '../../../lambdas/core/apis/http-router.ts';

const routes: readonly Route<string>[] = [
  { methods: ['GET', 'HEAD'], path: /^\/things\/(?<id>.+)\/shown$/s, ask: ({ id }) => `show ${id}` },
  { methods: ['POST'], path: /^\/things\/(?<id>.+)\/shown$/s, ask: ({ id }) => `change ${id}` },
  { methods: ['POST', 'GET'], path: /^\/things\/all\/shown$/, ask: () => 'never asked by GET' },
  { methods: ['DELETE'], path: /\/things$/, ask: () => 'remove' },
];

describe('a route', () => {
  it.each([
    { method: 'GET', path: '/things/a/shown', asked: 'show a' },
    { method: 'HEAD', path: '/things/a/shown', asked: 'show a' },
    { method: 'POST', path: '/things/a/shown', asked: 'change a' },
    { method: 'GET', path: '/things/a/b\nc/shown', asked: 'show a/b\nc' },
    { method: 'GET', path: '/things/all/shown', asked: 'show all' },
    { method: 'DELETE', path: '/any/prefix/things', asked: 'remove' },
  ])('is the first that has the path and takes the method: $method $path', ({ method, path, asked }) =>
    expect(findRoute(routes, method, path)).toBe(asked),
  );

  it.each(['PUT', 'OPTIONS', 'get', '', 'constructor'])('says what methods its path takes instead of %j', (method) =>
    expect(findRoute(routes, method, '/things/a/shown')).toEqual({ kind: 'wrongMethod', allow: 'GET, HEAD, POST' }),
  );

  it('names each method once', () =>
    expect(findRoute(routes, 'PUT', '/things/all/shown')).toEqual({ kind: 'wrongMethod', allow: 'GET, HEAD, POST' }));

  it.each(['/', '', '/things/', '/things/a', '/things//shown', '/THINGS/a/shown', '/constructor'])(
    'is not found at %j, whatever the method',
    (path) => {
      for (const method of ['GET', 'POST', 'PUT', ''])
        expect(findRoute(routes, method, path)).toEqual({ kind: 'unknown' });
    },
  );
});
