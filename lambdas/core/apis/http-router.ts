/** One kind of request that an HTTP API takes. */
export interface Route<Asked> {
  readonly methods: readonly string[];
  /** Matches the whole path. Its named groups are the parts that `ask` gets. */
  readonly path: RegExp;
  readonly ask: (parts: Readonly<Record<string, string>>) => Asked;
}

/** No route has this path, or the routes that have it take other methods: those in `allow`. */
export type NoRoute = { readonly kind: 'unknown' } | { readonly kind: 'wrongMethod'; readonly allow: string };

/** Finds what a request asks for: the first route that has its path and takes its method. */
export function findRoute<Asked>(routes: readonly Route<Asked>[], method: string, path: string): Asked | NoRoute {
  const allowed: string[] = [];
  for (const route of routes) {
    const match = route.path.exec(path);
    if (match === null) continue;
    if (route.methods.includes(method)) return route.ask(match.groups ?? {});
    allowed.push(...route.methods);
  }
  if (allowed.length === 0) return { kind: 'unknown' };
  return { kind: 'wrongMethod', allow: [...new Set(allowed)].join(', ') };
}
